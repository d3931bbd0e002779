import type { Point, Scan } from '../api/checkin';
import { count } from './people';
import { lasting } from './time';

export const kinds = { screen: '屏幕动态码', printed: '张贴的码' } as const;
const ways: Record<string, string> = { in: '只进', out: '只出', both: '进出都扫' };

/** "屏幕动态码 · 进出都扫 · 200 米内". */
export function pointWords(p: Pick<Point, 'kind' | 'purpose' | 'direction' | 'radius_m'>): string {
  return [kinds[p.kind as keyof typeof kinds] ?? p.kind, p.purpose === 'muster' ? '集合点清点' : ways[p.direction] ?? p.direction, `${count(p.radius_m)} 米内`].join(' · ');
}

/** What a printed code proves, said before somebody chooses it. */
export const weak = '张贴的码是弱证明：拍张照片，在别处也能扫。扫它的每一次都标“静态码”，要靠手机位置和人去核对。有电有网的门口请用屏幕；停电也要能扫的集合点适合张贴。';

/** What to do with the address of a screen. */
export function screenSteps(secure: boolean): string[] {
  return [
    '在门口的平板或电视上用浏览器打开这个地址，全屏、常亮、接上电源。不用登录。',
    '码每 30 秒换一次；断网还能显示 10 分钟。',
    ...(secure ? [] : ['现在的地址不是 https：工人的手机不给位置，断网时也存不下打卡。请换成 https 的地址再用。']),
    '不要发到群里：有地址的人都能显示这里的码。泄漏或抄丢了，停用它，再新设一个。',
  ];
}

/** What happens when a point is closed, said before it is done. */
export function closeWords(p: Pick<Point, 'kind' | 'purpose'>, left: { points: Pick<Point, 'purpose'>[]; gates: number }): string[] {
  const others = left.points.filter((o) => o.purpose === p.purpose).length;
  return [
    p.kind === 'screen' ? '码立刻失效。屏幕最多还显示 10 分钟旧码，扫了不算：请把那一页关掉。' : '墙上的码立刻失效，扫了不算：请把纸撕下来。',
    ...(others ? [] : p.purpose === 'muster' ? ['这里没有别的集合点码：撤离时只能点名，扫码到集合点不再记为已到。']
      : left.gates ? [`这里没有别的进出码，还有 ${left.gates} 台闸机在计人；不走闸机的人会漏计。`] : ['这里没有别的进出码，也没有闸机：在场人数从此只会变旧，只能靠报数和登记。']),
    '手机上扫了、还没有网发出来的，停用后也不收。已经收到的打卡不动。',
    '停用后不能恢复：再要用就新设一个，码和地址都是新的。',
  ];
}

const scanWays: Record<string, string> = { in: '进', out: '出' };
export const scanWay = (s: Pick<Scan, 'direction'>): string => scanWays[s.direction] ?? '方向不明';

/** Where the phone was, as far as it can be told. */
export function whereWords(s: Pick<Scan, 'fence' | 'distance_m' | 'accuracy_m'>): string {
  if (s.distance_m === null) return '没有位置';
  const far = s.distance_m >= 1000 ? `${(s.distance_m / 1000).toFixed(1)} 公里` : `${s.distance_m} 米`;
  const word = { inside: '范围内', outside: '范围外', unknown: '说不准' }[s.fence] ?? s.fence;
  return `${word}，离点位 ${far}${s.accuracy_m === null ? '' : `（误差 ${count(s.accuracy_m)} 米）`}`;
}

/** What is odd about a scan; how late it came is part of it. */
export function oddWords(s: Pick<Scan, 'flags' | 'at' | 'received_at'>): string[] {
  return s.flags.map((f) => (f.code === 'late' ? `${f.label}（晚到 ${lasting(Date.parse(s.received_at) - Date.parse(s.at))}）` : f.label));
}
