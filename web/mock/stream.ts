import type { IncomingMessage, ServerResponse } from 'node:http';
import { dice } from './data.ts';
import { sites } from './world.ts';

let seq = 100;
const open = new Set<ServerResponse>();

export function announce(noun: string, id: string): void {
  seq++;
  for (const res of open) res.write(`event: change\nid: ${seq}\ndata: ${JSON.stringify({ seq, noun, id })}\n\n`);
}

/** Passes come in all the time: a few sites change every second. */
export function stream(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.write(': hello\n\n');
  open.add(res);
  const r = dice(Date.now() % 1000);
  const timer = setInterval(() => {
    const items = Array.from({ length: 20 }, () => {
      const s = sites[Math.floor(r() * sites.length)]!;
      s.certain = Math.max(0, s.certain + Math.floor(r() * 5) - 2);
      return { site_id: s.id, certain: s.certain, possible: s.possible };
    });
    res.write(`event: headcount\ndata: ${JSON.stringify({ items })}\n\n`);
  }, 1000);
  req.on('close', () => {
    clearInterval(timer);
    open.delete(res);
  });
}
