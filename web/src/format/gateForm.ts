import type { GateSetup, Protocol, PutGate } from '../api/gates';

/** A setup as it is written in the form: lists as lines, hours as a number. */
export interface GateForm { protocol: Protocol; keyId: string; secret: string; bare: string; readers: string; saysIn: boolean; system: string; addresses: string; perMinute: number; silentHours: number | '' }

export const emptyGate = (protocol: Protocol = 'hikvision'): GateForm =>
  ({ protocol, keyId: '', secret: '', bare: '', readers: '', saysIn: false, system: '', addresses: '', perMinute: 0, silentHours: '' });

const wayWords: Record<string, string> = { in: '进', out: '出' };
const wayCodes: Record<string, string> = { 进: 'in', 出: 'out', in: 'in', out: 'out', 进门: 'in', 出门: 'out', 进口: 'in', 出口: 'out' };

/** The form of a setup that is stored. A secret is never given back. */
export function formOf(s: GateSetup): GateForm {
  return {
    protocol: s.protocol, keyId: s.key_id ?? '', secret: '', bare: s.bare_serial ?? '', saysIn: s.says_in ?? false, system: s.system ?? '', perMinute: s.per_minute ?? 0,
    readers: Object.entries(s.readers ?? {}).map(([reader, way]) => `${reader} ${wayWords[way] ?? way}`).join('\n'),
    addresses: (s.addresses ?? []).join('\n'), silentHours: s.silent_after_s ? s.silent_after_s / 3600 : '',
  };
}

const lines = (text: string) => text.split(/[\n,，;；、]+/).map((l) => l.trim()).filter(Boolean);

/** One line per reader: its number or name, then which way it stands. */
export function readersOf(text: string): { readers: Record<string, string>; wrong: string[] } {
  const readers: Record<string, string> = {};
  const wrong: string[] = [];
  for (const line of lines(text)) {
    const [, name, way] = /^(.+?)[\s:：=＝]+(\S+)$/.exec(line) ?? [];
    const code = wayCodes[(way ?? '').toLowerCase()];
    if (name && code) readers[name] = code;
    else wrong.push(line);
  }
  return { readers, wrong };
}

/** An address alone is a list of one: "10.1.2.3" → "10.1.2.3/32". */
export function addressList(text: string): string[] {
  return lines(text.replace(/\s+/g, '\n')).map((a) => (a.includes('/') ? a : `${a}/${a.includes(':') ? 128 : 32}`));
}

/** What keeps the form from being sent; empty when nothing does. The server judges the rest. */
export function gateMissing(f: GateForm): string {
  const { wrong } = readersOf(f.readers);
  if (wrong[0]) return `读头这一行看不懂：${wrong[0]}`;
  if (f.bare && !addressList(f.addresses).length) return '没有令牌的设备要写来源地址';
  if (f.protocol === 'realname' && f.secret && f.secret.length !== 32) return 'appsecret 应为 32 个字符';
  if (f.silentHours !== '' && !(f.silentHours > 0 && f.silentHours <= 168)) return '静默时限在 1 周之内';
  return '';
}

/** What is sent. */
export function gateBody(f: GateForm, more: { newToken?: boolean } = {}): PutGate {
  const body: PutGate = { protocol: f.protocol, per_minute: f.perMinute || 0, silent_after_s: f.silentHours === '' ? 0 : Math.round(f.silentHours * 3600), readers: readersOf(f.readers).readers, addresses: addressList(f.addresses), says_in: f.protocol === 'zkteco' && f.saysIn };
  if (f.keyId.trim()) body.key_id = f.keyId.trim();
  if (f.secret) body.secret = f.secret;
  if (f.bare.trim()) body.bare_serial = f.bare.trim();
  if (f.system.trim()) body.system = f.system.trim();
  if (more.newToken) body.new_token = true;
  return body;
}
