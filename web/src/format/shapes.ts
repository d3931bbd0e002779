import type { Datum, ReadShapes } from '../api/areas';
import { count } from './people';

/** The datums (坐标系) a list of coordinates may be in, as people know them. */
export const datums: { code: Datum; label: string }[] = [
  { code: 'wgs84', label: 'GPS（WGS 84）' }, { code: 'cgcs2000', label: '国家 2000（天地图、测绘）' },
  { code: 'gcj02', label: '高德、腾讯、微信位置' }, { code: 'bd09', label: '百度地图' },
];

/** "2 块区域，共 37 km²；1 条线 4.2 km；纬度写在了前面，已调换". */
export function readWords(r: ReadShapes): string {
  const km2 = r.areas.reduce((n, a) => n + a.km2, 0);
  const km = r.lines.reduce((n, l) => n + l.length_m, 0) / 1000;
  return [
    r.areas.length && `${r.areas.length} 块区域，共 ${amount(km2)} km²`,
    r.lines.length && `${r.lines.length} 条线 ${amount(km)} km${r.lines.length > 1 ? '，只取第一条' : ''}`,
    r.points.length && `${r.points.length} 个点`,
    r.swapped && '纬度写在了前面，已调换',
  ].filter(Boolean).join('；');
}

const amount = (n: number) => (n < 10 ? String(Number(n.toFixed(2))) : count(Math.round(n)));

/** Bytes as the text that JSON can carry. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
