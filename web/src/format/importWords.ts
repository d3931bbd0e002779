import type { ImportResult } from '../api/imports';
import { count } from './people';

type Tally = ImportResult['tally'][number];

/** The largest file that is taken, in MB. */
export const largest = 64;

/** Why a file is not worth sending; empty when it is. */
export function unfit(file: { name: string; size: number }): string {
  if (file.size > largest * 1024 * 1024) return `“${file.name}”有 ${count(Math.ceil(file.size / 1024 / 1024))} MB，一次最多 ${largest} MB：请分成几个文件。`;
  if (!file.size) return `“${file.name}”是空的：请看看是不是选错了，或还没有存盘。`;
  return '';
}

/** "人员：新增 3，更新 1，没有变化 20". */
export function tallyWords(t: Tally): string {
  const parts = [['新增', t.new], ['更新', t.updated], ['没有变化', t.unchanged]] as const;
  return `${t.label}：${parts.filter(([, n]) => n).map(([word, n]) => `${word} ${count(n)}`).join('，')}`;
}

/** Whether the good rows would change anything. */
export const changes = (r: ImportResult): boolean => r.tally.some((t) => t.new + t.updated > 0);

/** The lines that something is wrong with, each once. */
export function badLines(r: ImportResult): string[] {
  return [...new Set(r.bad.filter((p) => p.line > 0).map((p) => [p.sheet, `第 ${p.line} 行`].filter(Boolean).join(' ')))];
}

/** What will be left out, said before it is: "第 3 行、第 7 行不导入"; of many only the first. */
export function leftOut(r: ImportResult, named = 5): string {
  const lines = badLines(r);
  const some = lines.slice(0, named).join('、');
  return lines.length > named ? `${some} 等 ${count(lines.length)} 行不导入` : `${some}不导入`;
}

const pages: Record<ImportResult['records'][number]['page'], string> = {
  company: 'companies', project: 'projects', section: 'sections', site: 'sites', person: 'people', team: 'teams', certificate: 'certificates',
};

type Made = ImportResult['records'][number];

/** Where something is seen that an import made or changed; nowhere: somebody new whom nothing ties to a place yet. */
export function pageOf(r: Made, all: Made[]): string {
  const loose = r.label === '人员' && r.new && !all.some((x) => x.id === r.id && x.label !== r.label);
  return loose ? '' : `/${pages[r.page]}/${r.id}`;
}
