const zone = 'Asia/Shanghai';

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
}

const two = '2-digit' as const;
const clockFormat = formatter({ hour: two, minute: two, second: two });
const minuteFormat = formatter({ hour: two, minute: two });
const dayFormat = formatter({ year: 'numeric', month: two, day: two });

type When = string | number | Date;

/** "02:14:36" in China's time, whatever the desk's own zone is. */
export function clock(at: When): string {
  return clockFormat.format(new Date(at));
}

/** "07-18", or "2025-12-31" when the year is another than now's. */
export function day(at: When, now: When = Date.now()): string {
  const [d, m, y] = dayFormat.format(new Date(at)).split('/');
  const sameYear = dayFormat.format(new Date(now)).endsWith(`/${y}`);
  return sameYear ? `${m}-${d}` : `${y}-${m}-${d}`;
}

/** The last whole day before something ends, with its year: what ends at midnight held until the day before. */
export function lastDay(until: When): string {
  const [d, m, y] = dayFormat.format(new Date(new Date(until).getTime() - 1)).split('/');
  return `${y}-${m}-${d}`;
}

/** "02:09" for today, "07-17 22:40" for another day. */
export function moment(at: When, now: When = Date.now()): string {
  const time = minuteFormat.format(new Date(at));
  return dayFormat.format(new Date(at)) === dayFormat.format(new Date(now)) ? time : `${day(at, now)} ${time}`;
}

/** A window of validity: "07-18 02:00 至 08:00". */
export function span(from: When | null, to: When | null, now: When = Date.now()): string {
  if (!from && !to) return '没有写明时间';
  if (!to) return `${full(from!, now)} 起，没有写失效时间`;
  if (!from) return `至 ${full(to, now)}`;
  const sameDay = dayFormat.format(new Date(from)) === dayFormat.format(new Date(to));
  return `${full(from, now)} 至 ${sameDay ? minuteFormat.format(new Date(to)) : full(to, now)}`;
}

/** Always with the day: "07-18 02:00". */
export function full(at: When, now: When = Date.now()): string {
  return `${day(at, now)} ${minuteFormat.format(new Date(at))}`;
}

/** A length of time in the largest unit that still says something: "40 秒", "11 分钟", "3 小时 5 分", "2 天". */
export function lasting(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} 秒`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m} 分钟`;
  const h = Math.floor(m / 60);
  if (h < 48) return m % 60 ? `${h} 小时 ${m % 60} 分` : `${h} 小时`;
  return `${Math.floor(h / 24)} 天`;
}

/** "1 秒前", "刚刚". */
export function ago(at: When, now: When): string {
  const ms = new Date(now).getTime() - new Date(at).getTime();
  return ms < 1000 ? '刚刚' : `${lasting(ms)}前`;
}

/** The same where there is little room: "40 秒前", "11 分前", "3 小时前". */
export function agoShort(at: When, now: When): string {
  const m = Math.floor((new Date(now).getTime() - new Date(at).getTime()) / 60_000);
  if (m < 1) return ago(at, now);
  return m < 60 ? `${m} 分前` : m < 2880 ? `${Math.floor(m / 60)} 小时前` : `${Math.floor(m / 1440)} 天前`;
}

/** How late a document came in; empty below one minute. */
export function lateness(sent: When | null, received: When): string {
  if (!sent) return '没有写发出时间';
  const ms = new Date(received).getTime() - new Date(sent).getTime();
  if (ms < -60_000) return `发出时间比收到还晚 ${lasting(-ms)}，对方时钟可能不准`;
  return ms < 60_000 ? '' : `晚到 ${lasting(ms)}`;
}

/** The value of a datetime-local input in China's time. */
export function toLocalInput(at: When): string {
  const [d, m, y] = dayFormat.format(new Date(at)).split('/');
  return `${y}-${m}-${d}T${minuteFormat.format(new Date(at))}`;
}

/** RFC 3339 of a datetime-local input, read as China's time; empty when nothing is written. */
export function fromLocalInput(text: string): string {
  return text ? `${text.length === 16 ? `${text}:00` : text}+08:00` : '';
}
