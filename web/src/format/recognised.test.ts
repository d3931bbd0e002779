import { expect, it } from 'vitest';
import { look, meaning, open, piecesOf, type Mark } from './recognised';

const mark = (from: number, to: number, kind: Mark['kind'], certain = true): Mark => ({ from, to, kind, means: '某处', certain });

it('cuts a text at its marks and loses nothing', () => {
  const text = '转𠮷发：石棉县发布橙色预警';
  const pieces = piecesOf(text, [mark(4, 7, 'region'), mark(9, 11, 'level')]);
  expect(pieces.map((p) => p.text).join('')).toBe(text);
  expect(pieces.filter((p) => p.mark).map((p) => p.text)).toEqual(['石棉县', '橙色']);
});

it('leaves a text without marks whole', () => {
  expect(piecesOf('收到', [])).toEqual([{ text: '收到' }]);
  expect(piecesOf('', [])).toEqual([]);
});

it('says what is to be looked at', () => {
  expect(meaning(mark(0, 1, 'region'))).toBe('区域：某处');
  expect(meaning(mark(0, 1, 'region', false))).toBe('区域：某处（待核对）');
  expect(meaning(mark(0, 1, 'unread', false))).toBe('没有读出：某处');
  expect(open([mark(0, 1, 'level'), mark(1, 2, 'region', false), mark(2, 3, 'unread', false)]).map(look)).toEqual(['doubt', 'unread']);
});
