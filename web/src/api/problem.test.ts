import { afterEach, describe, expect, it, vi } from 'vitest';
import { newKey, useAct } from './act';
import { request, whenSignedOut } from './client';
import { ApiProblem, problemInWords } from './problem';

describe('a problem in words', () => {
  it('says what happened and how to mend it', () => {
    expect(problemInWords(422, { title: '请修改后再试', detail: '区域自相交', errors: [{ message: '第 3 条边与第 7 条边相交', mend: '移开顶点' }] }))
      .toBe('区域自相交 第 3 条边与第 7 条边相交，移开顶点');
  });
  it.each([[0, '连不上'], [403, '无权限'], [409, '已被他人修改'], [503, '服务暂不可用'], [418, '没有成功']])(
    '%i without a text is still a sentence', (status, word) => expect(problemInWords(status, {})).toContain(word));
  it('says how long a lockout lasts', () => expect(problemInWords(429, { detail: '密码错误次数太多。' }, 840)).toBe('密码错误次数太多。 14 分钟后可以再试。'));
});

afterEach(() => vi.unstubAllGlobals());

describe('a request', () => {
  it('turns a refusal into a problem', async () => {
    vi.stubGlobal('fetch', async () => new Response('{"detail":"草稿已被周衡改过"}', { status: 409 }));
    await expect(request('POST', '/warnings/w/publish')).rejects.toMatchObject({ status: 409, message: '草稿已被周衡改过', conflict: true });
  });
  it('survives an answer that is not JSON', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }));
    await expect(request('GET', '/map')).rejects.toMatchObject({ message: '服务暂不可用，可以再试。' });
  });
  it('tells when the session is over', async () => {
    const seen = vi.fn();
    whenSignedOut(seen);
    vi.stubGlobal('fetch', async () => new Response('{}', { status: 401 }));
    await expect(request('GET', '/map')).rejects.toBeInstanceOf(ApiProblem);
    expect(seen).toHaveBeenCalledOnce();
  });
});

describe('an act of the user', () => {
  it('keeps its key while the outcome is unknown, and not after', async () => {
    const keys: string[] = [];
    const answers = [new ApiProblem(0, {}), new ApiProblem(503, {}), new ApiProblem(422, {}), null];
    const act = useAct(async (key) => {
      const answer = answers[keys.push(key) - 1];
      if (answer) throw answer;
      return 'done';
    });
    await act.run();
    expect(act.problem.value).toContain('连不上');
    await act.run();
    await act.run();
    expect(await act.run()).toBe('done');
    expect(act.problem.value).toBe('');
    expect(keys[0]).toBe(keys[1]);
    expect(keys[1]).toBe(keys[2]);
    expect(keys[3]).not.toBe(keys[2]);
  });
  it('has keys that are UUIDs', () => expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/));
});
