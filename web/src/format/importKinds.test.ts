import { describe, expect, it } from 'vitest';
import { importKinds, importOf, lineWords } from './importKinds';

describe('what comes in as a file', () => {
  it('says where in the file', () => {
    expect(lineWords({ line: 3 })).toBe('第 3 行');
    expect(lineWords({ sheet: '一标', line: 3 })).toBe('一标 第 3 行');
    expect(lineWords({ line: 0 })).toBe('整个文件');
  });

  it('is offered once each, and to the lists that show it', () => {
    const codes = importKinds.flatMap((g) => g.kinds.map((k) => k.code));
    expect(new Set(codes).size).toBe(14);
    for (const code of Object.values(importOf)) expect(codes).toContain(code);
  });
});
