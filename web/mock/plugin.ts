import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { answer } from './answers.ts';
import { stream } from './stream.ts';

const policy = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'";

/** The API from memory, for `vite` and `vite preview`. It is a plugin of the server and never part of the bundle. */
export function mockServer(): Plugin {
  return {
    name: 'muster-mock',
    configureServer: (server) => { server.middlewares.use(handle); },
    configurePreviewServer: (server) => {
      server.middlewares.use((_, res, next) => {
        res.setHeader('Content-Security-Policy', policy);
        next();
      });
      server.middlewares.use(handle);
    },
  };
}

const handle: Connect.NextHandleFunction = (req, res, next) => {
  const url = new URL(req.url ?? '/', 'http://mock');
  if (!url.pathname.startsWith('/api/v1/')) return next();
  const path = url.pathname.slice('/api/v1'.length);
  if (path === '/stream') return stream(req, res);
  void body(req).then((sent) => reply(res, ...answer(req.method ?? 'GET', path, url.searchParams, sent, req.headers.cookie ?? '')));
};

function reply(res: ServerResponse, status: number, value?: unknown, cookie?: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', status < 400 ? 'application/json' : 'application/problem+json');
  if (cookie !== undefined) res.setHeader('Set-Cookie', `mock=${cookie}; Path=/; HttpOnly`);
  res.end(value === undefined ? '' : JSON.stringify(value));
}

async function body(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const c of req) chunks.push(c as Buffer);
  return chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : {};
}
