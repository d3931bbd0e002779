import type { AreaIn, Warning, WarningIn } from '../src/api/types.ts';
import { site } from './data.ts';
import { begin } from './story.ts';
import { announce } from './stream.ts';
import { byId, cities, counties, difference, live, me, messages, now, preview, publish, sites, warnings, write } from './world.ts';

type Answer = [status: number, value?: unknown, cookie?: string];
type Body = Record<string, unknown>;

const problem = (status: number, detail: string): Answer => [status, { title: '请修改后再试', status, detail }];
let failures = 0;
begin();

export function answer(method: string, path: string, query: URLSearchParams, body: Body, cookie: string): Answer {
  if (path === '/session') return session(method, body, cookie);
  if (!cookie.includes('mock=yes')) return problem(401, '请先登录。');
  const [noun, id, act, more] = path.slice(1).split('/');
  if (noun === 'map') return [200, { as_of: now(), seq: 100, sites }];
  if (noun === 'regions') return [200, query.get('level') === 'city' ? cities : counties];
  if (noun === 'messages') return [200, { items: messages }];
  if (noun === 'preview') return [200, preview(body.areas as AreaIn[], body.level as Warning['level'])];
  if (noun === 'sites' && id) return oneSite(id);
  if (noun !== 'warnings') return problem(404, '没有这个地址。');
  return id ? oneWarning(method, id, [act, more].filter(Boolean).join('/'), body) : listOrCreate(method, query, body);
}

function session(method: string, body: Body, cookie: string): Answer {
  if (method === 'DELETE') return [204, undefined, 'no'];
  if (method === 'GET') return cookie.includes('mock=yes') ? [200, { ...me, server_time: now() }] : problem(401, '请先登录。');
  if (failures >= 5) return problem(429, '连续输错 5 次，15 分钟后再试。');
  if (body.password !== 'demo') return failures++, problem(401, '账号或密码不对。');
  return [200, { ...me, server_time: now() }, 'yes'];
}

function oneSite(id: string): Answer {
  const i = byId.get(id);
  if (i === undefined) return problem(404, '没有这个点位，或不在管辖范围。');
  const under = [...warnings.values()].flatMap((w) => w.frozen.filter((t) => t.site_id === id && w.state === 'active').map((t) => ({ warning_id: w.id, title: w.title, measure: t.measure })));
  return [200, site(sites[i]!, i, under)];
}

function listOrCreate(method: string, query: URLSearchParams, body: Body): Answer {
  if (method === 'POST') {
    const w = write(`w${warnings.size + 1}`, body as unknown as WarningIn, { created_at: now() });
    announce('warning', w.id);
    return [201, w];
  }
  const states = (query.get('state') ?? '').split(',');
  return [200, { items: [...warnings.values()].filter((w) => states.includes(w.state)) }];
}

function oneWarning(method: string, id: string, act: string, body: Body): Answer {
  const w = warnings.get(id);
  if (!w) return problem(404, '没有这份预警。');
  if (method !== 'GET' && body.version !== undefined && body.version !== w.version) return problem(409, '周衡 02:13 改过这份预警。');
  if (act === 'preview') return [200, preview(w.input, w.level)];
  if (act === 'targets') return [200, { as_of: now(), items: w.frozen.map((t) => ({ ...t, people: { ...t.people, ...pick(t.site_id) } })) }];
  if (act === 'revise/preview') return [200, difference(w, preview(body.areas as AreaIn[], body.level as Warning['level']))];
  if (method === 'GET') return [200, w];
  change(w, act, body);
  announce('warning', id);
  return [200, warnings.get(id)];
}

function pick(id: string) {
  const { certain, possible } = sites[byId.get(id)!]!;
  return { certain, possible };
}

function change(w: ReturnType<typeof warnings.get> & object, act: string, body: Body): void {
  if (act === 'publish') publish(w);
  else if (act === 'discard' || act === 'lift') Object.assign(w, { state: act === 'lift' ? 'lifted' : 'discarded', closed_at: now(), version: w.version + 1 });
  else if (act === 'revise') {
    const input = body as unknown as WarningIn;
    w.input = input.areas;
    w.revision++;
    w.areas = (write('scratch', input).areas).map((a) => ({ ...a, revision: w.revision }));
    warnings.delete('scratch');
    w.frozen = preview(w.input, input.level).targets.map((t) => live(t, now()));
    w.revisions.push({ number: w.revision, at: now(), by: '林晓', level: input.level, note: input.note });
    w.version++;
  } else write(w.id, body as unknown as WarningIn, { version: w.version + 1, message: w.message });
}
