import type { Level } from '../api/types';

/** What a forwarded text seems to say: offered to an officer who writes the draft by hand, for him to check. */
export interface NoticeGuess { hazard?: string; level?: Level; issuer?: string; issuedAt?: string; regions: { code: string; name: string }[] }

const hazardWords: [RegExp, string][] = [
  [/山洪/, 'flash_flood'], [/地质灾害|滑坡|泥石流|崩塌/, 'geohazard'], [/泄洪|开闸/, 'reservoir'], [/洪水|超警|涨水/, 'flood'], [/暴雨|强降雨|强降水/, 'rain'],
  [/大风|台风/, 'wind'], [/雷电|雷暴|强对流/, 'lightning'], [/高温/, 'heat'], [/冰冻|暴雪|寒潮|结冰/, 'ice'], [/大雾/, 'fog'], [/火险/, 'fire'], [/地震/, 'quake'],
];
const levelWords: Record<string, Level> = { 红: 'red', 橙: 'orange', 黄: 'yellow', 蓝: 'blue' };
const office = /[\u4e00-\u9fa5]{2,20}?(?:气象台|气象局|水利局|水务局|水文中心|水文局|自然资源局|应急管理局|应急局|防汛抗旱指挥部办公室|防汛抗旱指挥部|指挥部|防汛办|防办|交通运输局|交通运输厅)/;
const written = /(\d{4})年(\d{1,2})月(\d{1,2})日\s*(\d{1,2})[时:：点](?:\s*(\d{1,2})分?)?/;
const two = (n: string | undefined): string => (n ?? '0').padStart(2, '0');

/** Reads hazard, level, issuer, time (China's, as a datetime-local input takes it) and the counties named in a text. */
export function readNotice(text: string, counties: { code: string; name: string }[]): NoticeGuess {
  // The words before 预警 say what is warned of; the rest of the text may name what it leads to.
  const head = /[^，。；、\s]{0,12}预警/.exec(text)?.[0] ?? '';
  const hazard = (hazardWords.find(([word]) => word.test(head)) ?? hazardWords.find(([word]) => word.test(text)))?.[1];
  const colour = (/([红橙黄蓝])色/.exec(head) ?? /([红橙黄蓝])色/.exec(text))?.[1];
  const at = written.exec(text);
  return {
    hazard, level: colour ? levelWords[colour] : undefined, issuer: office.exec(text.replace(/[【】[\]]/g, ' '))?.[0],
    issuedAt: at ? `${at[1]}-${two(at[2])}-${two(at[3])}T${two(at[4])}:${two(at[5])}` : undefined,
    regions: counties.filter((c) => text.includes(c.name)),
  };
}
