import { expect, it } from 'vitest';
import { bytesOf, draftOf, sourceWords, whyNot } from './pasted';

it('counts Chinese as the three bytes that are sent', () => {
  expect(bytesOf('暴雨 IV')).toBe(9);
});

it('says how it came and from whom, never longer than is kept', () => {
  expect(sourceWords('传真', ' 市气象台 ')).toBe('传真 · 市气象台');
  expect(sourceWords('微信', '')).toBe('微信');
  expect(sourceWords('OA', 'x'.repeat(400))).toHaveLength(200);
});

it('finds the draft, and none in a text that was held', () => {
  const message = (warning_id: string) => ({ id: 'm', episode_id: '', national_id: '', flags: [], why: [], warning_id });
  expect(draftOf({ messages: [message('00000000-0000-0000-0000-000000000000'), message('01a1ff39-d7d4-75ad-abd4-b4fc1b2e1919')] })).toBe('01a1ff39-d7d4-75ad-abd4-b4fc1b2e1919');
  expect(draftOf({ messages: [message('')] })).toBe('');
  expect(draftOf({ messages: [] })).toBe('');
});

it('says first why a message was not drafted, each reason once', () => {
  const why = [{ code: 'expired', text: '有效时间已过，不派发' }];
  const message = { id: 'm', episode_id: '', national_id: '', flags: [], why, warning_id: '' };
  expect(whyNot({ messages: [message, message], reasons: [{ code: 'name_unread', text: '未能识别的地名：汉元县' }] })).toBe('有效时间已过，不派发；未能识别的地名：汉元县');
  expect(whyNot({ messages: [], reasons: [] })).toBe('没有认出灾种、等级和区域');
});
