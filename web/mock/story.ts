import type { MessageRow, WarningIn } from '../src/api/types.ts';
import { messages, now, publish, warnings, write } from './world.ts';

/** What is on the desk when the development server starts. */
export function begin(): void {
  const message: MessageRow = {
    id: 'm1', raw_id: 'r1', source: '省气象台（示例源）', format: 'cap', outcome: 'accepted', reasons: [], received_at: now(-5), sent: now(-16), sender: 'demo', identifier: 'demo-1', msg_type: 'alert', status: 'Actual',
    headline: '地质灾害气象风险预警', flags: [], episode_id: 'e', warning_id: 'w1',
    claims: [
      { hazard: 'geohazard', hazard_label: '地质灾害', level: 'orange', level_label: '橙色', basis: 'geocode', area_text: '汶川、都江堰、彭州', regions: [], onset: now(-15), expires: now(345) },
      { hazard: 'geohazard', hazard_label: '地质灾害', level: 'yellow', level_label: '黄色', basis: 'text', area_text: '什邡、绵竹', regions: [], onset: now(-15), expires: now(700) },
    ],
  };
  messages.push(message, { ...message, id: 'm2', raw_id: 'r2', outcome: 'ignored', status: 'Test', headline: '全省联调测试报文', warning_id: null, reasons: [{ code: 'test', text: '状态是 Test，测试报文不派发。' }] },
    { ...message, id: 'm3', raw_id: 'r3', outcome: 'ignored', headline: '系统心跳', warning_id: null, reasons: [{ code: 'system', text: '系统报文，不派发。' }] });
  const relay: Omit<WarningIn, 'level' | 'title' | 'areas'> & { kind: string } = { kind: 'relay', hazard: 'geohazard', basis: '', note: '', expires: now(345) };
  write('w1', { ...relay, level: 'orange', title: '地质灾害气象风险预警', areas: [{ regions: ['513221', '510181', '510182'] }, { regions: ['510682', '510683'], level: 'yellow', certain: false }] },
    { message, flags: [{ code: 'area_coarse', label: '区域粗略' }] });
  write('w2', { ...relay, level: 'yellow', title: '暴雨', areas: [{ regions: ['510726', '510705'] }] }, { flags: [{ code: 'level_conflict', label: '等级不一致' }], created_at: now(-9) });
  write('w3', { ...relay, level: 'blue', title: '大风', areas: [{ regions: ['513224'] }] }, { created_at: now(-40), mode: 'exercise' });
  write('w4', { ...relay, level: 'red', kind: 'instruction', title: '山洪 · 云岭高速沿线', basis: '省气象台 0718 号暴雨预警（示例）', areas: [{ geometry: { type: 'Polygon', coordinates: [[[102.9, 30.8], [103.5, 30.75], [103.6, 31.2], [103.2, 31.35], [102.8, 31.1], [102.9, 30.8]]] } }] });
  publish(warnings.get('w4')!);
}
