import { expect, it } from 'vitest';
import type { Plan } from '../api/desk';
import { afterWords, reachRows, updateWords } from './plan';

it.each([[0, '立即'], [45, '45 秒'], [360, '6 分'], [90, '1 分 30 秒']])('%d seconds after publishing: %s', (s, words) => expect(afterWords(s)).toBe(words));

it('a site that is hard to reach has one row with all its reasons, the worst first', () => {
  const cold = (site_id: string, role_label: string) => ({ site_id, site_name: `点位${site_id}`, role_label, last_at: null });
  const plan = {
    nobody: { count: 1, items: [{ site_id: '2', name: '点位2' }] },
    few_reachable: { count: 1, items: [{ site_id: '1', name: '点位1', reachable: 1 }] },
    no_contact: { count: 3, items: [cold('1', '驻地负责人'), cold('1', '驻地负责人'), cold('3', '监理')] },
  } as unknown as Plan;
  expect(reachRows(plan, 0)).toEqual([
    { site: '2', name: '点位2', bad: true, why: '没有登记负责人' },
    { site: '1', name: '点位1', bad: false, why: '只有 1 名可叫到的人；2 人三十天没有联系到（驻地负责人）' },
    { site: '3', name: '点位3', bad: false, why: '1 人三十天没有联系到（监理）' },
  ]);
});

it.each([
  [{ asked: 3, released: 2, sites: 20 }, '叫 3 个新进来或要求加重的点位，放出 2 个，17 个照旧'],
  [{ asked: 0, released: 0, sites: 39 }, '没有点位要重新叫，39 个照旧'],
])('an update of %o', (p, words) => expect(updateWords(p)).toBe(words));
