import { describe, expect, it } from 'vitest';
import { addressList, emptyGate, formOf, gateBody, gateMissing, readersOf } from './gateForm';
import { asideToday, clockWords, disableWords, needsFirst, silenceWords, way } from './gateHealth';
import { mapBody, mapMissing } from './gateMap';
import { addressesOf, protocolName, protocols, vendorText } from './gateProtocol';
import type { GateRow } from '../api/gates';

describe('how a gate stands, in words', () => {
  it('says which way its clock is off', () => {
    expect(clockWords(null)).toBe('不知道');
    expect(clockWords(400)).toBe('准');
    expect(clockWords(3_000)).toBe('快 3 秒');
    expect(clockWords(-8 * 3_600_000)).toBe('慢 8 小时');
  });

  it('says when silence is trouble, and by which rule', () => {
    expect(silenceWords({ silent_s: null, silent_allowed_s: null }, undefined)).toContain('16 小时');
    expect(silenceWords({ silent_s: 2_400, silent_allowed_s: 7_200 }, undefined)).toBe('2 小时没有声音就告警，22 点到 6 点不计；现在静默 40 分钟');
    expect(silenceWords({ silent_s: 12, silent_allowed_s: 1_800 }, 1_800)).toBe('30 分钟没有声音就告警，昼夜都计');
  });

  it('shows the way into service, and which step waits', () => {
    const steps = way({ applied_at: '2026-07-01T00:00:00Z', applied_by: 'section', approved_at: null, approved_by: '', refused_at: null, refused_by: '', last_seen_at: null }, () => '07-01');
    expect(steps.map((s) => [s.done, s.next, s.words])).toEqual([[true, false, '07-01 section'], [false, true, '等这一步'], [false, false, '']]);
  });

  it('says at the step that waits who refused it and when', () => {
    const steps = way({ applied_at: '2026-07-01T00:00:00Z', applied_by: 'section', approved_at: null, approved_by: '', refused_at: '2026-07-02T00:00:00Z', refused_by: '石棉局带班', last_seen_at: null }, (at) => at.slice(5, 10));
    expect(steps[1]).toEqual({ what: '主管部门同意', done: false, words: '不同意 07-02 石棉局带班', next: true });
  });

  it('puts the silent first, then those that wait', () => {
    const row = (state: GateRow['state'], name: string) => ({ state, site: { name } }) as GateRow;
    const list = [row('active', '甲'), row('waiting', '乙'), row('silent', '丙')].sort(needsFirst);
    expect(list.map((g) => g.state)).toEqual(['silent', 'waiting', 'active']);
    expect(asideToday({ errors_today: { clock_1970: 2, unknown_person: 5 } })).toBe(7);
  });

  it('says what is lost when the last gate of a site is taken out of use', () => {
    expect(disableWords({ site: '桃花坝', purpose: 'presence', others: 0 }).join('')).toContain('可能在场');
    expect(disableWords({ site: '桃花坝', purpose: 'presence', others: 2 }).join('')).toContain('还有 2 台');
    expect(disableWords({ site: '桃花坝', purpose: 'attendance', others: 0 })).toHaveLength(2);
  });
});

describe('the form of a gate', () => {
  it('reads readers in the words of whoever mounts them', () => {
    expect(readersOf('1 进\n2：出\n东门=in')).toEqual({ readers: { 1: 'in', 2: 'out', 东门: 'in' }, wrong: [] });
    expect(readersOf('3 左边').wrong).toEqual(['3 左边']);
  });

  it('takes a single address for a list of one', () => {
    expect(addressList('10.20.0.7 10.1.0.0/16，2001:db8::1')).toEqual(['10.20.0.7/32', '10.1.0.0/16', '2001:db8::1/128']);
  });

  it('gives back what was stored, without the secret', () => {
    const setup = { protocol: 'zkteco' as const, readers: { 1: 'in', 2: 'out' }, says_in: true, addresses: ['10.1.0.0/16'], silent_after_s: 5400, per_minute: 0 };
    const form = formOf(setup);
    expect(form).toMatchObject({ readers: '1 进\n2 出', silentHours: 1.5, secret: '' });
    expect(gateBody(form)).toEqual(setup);
    expect(gateBody(form, { newToken: true })).toMatchObject({ new_token: true });
  });

  it('says what keeps it from being sent', () => {
    expect(gateMissing(emptyGate())).toBe('');
    expect(gateMissing({ ...emptyGate('zkteco'), bare: 'SN1' })).toBe('没有令牌的设备要写来源地址');
    expect(gateMissing({ ...emptyGate('realname'), secret: 'short' })).toContain('32');
    expect(gateMissing({ ...emptyGate(), readers: '1 上' })).toBe('读头这一行看不懂：1 上');
  });
});

describe('what a vendor is told', () => {
  it('names every address that the device calls', () => {
    expect(addressesOf('https://m', 'uface', '/gate/uface/t').map((a) => a.url)).toEqual(['https://m/gate/uface/t/callback', 'https://m/gate/uface/t/beat']);
    expect(addressesOf('https://m', 'hikvision', '/gate/hikvision/t')).toEqual([{ what: '地址', url: 'https://m/gate/hikvision/t' }]);
  });

  it('is one text with host, port, path and steps, and never the secret', () => {
    const text = vendorText({ origin: 'https://muster.example:8443', code: 'realname', path: '/gate/realname/t', serial: 'LW-1', site: '三号营地', keyId: 'app-1' });
    expect(text).toContain('主机 muster.example，端口 8443，路径 /gate/realname/t');
    expect(text).toContain('appid：app-1（密钥另行');
    expect(text.split('\n').filter((l) => /^\d\. /.test(l))).toHaveLength(3);
    expect(vendorText({ origin: 'https://m', code: 'push', path: '/gate/push/t', serial: 's', site: 'x' })).toContain('端口 443');
  });

  it('knows each protocol by a name of its own', () => {
    expect(new Set(protocols.map((p) => p.name)).size).toBe(protocols.length);
    expect(protocolName('telex')).toBe('telex');
  });
});

describe('what the codes of a labour system mean', () => {
  const row = (project: string, channel: string, site_id?: string) => ({ project, channel, site_id, name: '' });

  it('is not stored with a line that means nothing, or the same twice', () => {
    expect(mapMissing([row(' ', '')])).toBe('编码和通道至少填一个');
    expect(mapMissing([row('P-1', '', 'a'), row('P-1 ', '', 'b')])).toBe('同一对只写一次');
    expect(mapMissing([row('P-1', '东门')])).toBe('先选点位');
    expect(mapMissing([row('P-1', '', 'a'), row('P-1', '东门', 'b')])).toBe('');
  });

  it('is sent without the blanks around it', () => {
    expect(mapBody([row(' P-1 ', '', 'a')])).toEqual([{ project: 'P-1', channel: '', site_id: 'a' }]);
  });
});
