import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { State, Thread } from '../api/response';
import { acts, awaits, callable, offered, type DeskAct } from './acts';
import { states } from './threadState';

const all = () => true;
const at = (state: State, over: Partial<Thread> = {}) => ({ state, measure: 'evacuate' as const, warning_id: 'w', live: true, duty: null, ...over });

describe('what is offered', () => {
  it('is only what the machine allows: the table of docs/states.md', () => {
    const doc = readFileSync(new URL('../../../docs/states.md', import.meta.url), 'utf8');
    const table = doc.slice(doc.indexOf('<!-- transitions: response -->'), doc.indexOf('## A notice'));
    const from = new Map(table.split('\n').map((l) => l.split('|').map((c) => c.trim())).filter((c) => c.length === 5)
      .map(([, states, event]) => [event!.replaceAll('`', ''), states!.replaceAll('`', '').split(' ')]));
    const events: Partial<Record<DeskAct, string>> = {
      acknowledge: 'acknowledged', move: 'moving', 'carry-out': 'carried_out', report: 'reported', confirm: 'confirmed', verify: 'verified',
      refuse: 'refused', reopen: 'reentry', return: 'return_allowed', 'return/stop': 'return_stopped',
    };
    for (const [act, event] of Object.entries(events)) {
      const measure = act === 'carry-out' ? 'stop' : 'evacuate';
      const offers = states.filter((s) => offered(at(s, { measure }), all).includes(act as DeskAct)).sort();
      expect(offers, act).toEqual(from.get(event)!.sort());
    }
  });
  it('is only what somebody has the right to', () => {
    const desk = ['response.verify', 'response.refuse', 'response.call', 'return.give'];
    expect(offered(at('reported'), (p) => desk.includes(p))).toEqual(['verify', 'refuse', 'reopen']);
    expect(offered(at('acknowledged'), (p) => desk.includes(p))).toEqual([]);
  });
  it('leaving is reported, other measures are carried out', () => {
    expect(offered(at('acknowledged'), all)).toEqual(['move', 'report']);
    expect(offered(at('acknowledged', { measure: 'stop' }), all)).toEqual(['carry-out']);
  });
  it('only an evacuation that the site began itself is ended by hand', () => {
    expect(offered(at('moving', { warning_id: null }), all)).toContain('stand-down');
    expect(offered(at('moving'), all)).not.toContain('stand-down');
  });
  it('says what will happen, every time', () => {
    for (const look of Object.values(acts)) expect(look.then.length).toBeGreaterThan(8);
  });
});

describe('who is waited for', () => {
  const duty = (kind: string) => ({ duty: { kind, label: '', due_at: '', overdue: false, next_at: '', next: null } });
  it('is whoever the clock runs for', () => {
    expect(awaits(at('reported', duty('confirm')))).toBe('confirm');
    expect(awaits(at('confirmed', duty('verify')))).toBe('verify');
    expect(awaits(at('moving', duty('report')))).toBe('');
  });
  it('nobody is rung about what is verified or over', () => {
    expect([callable(at('unanswered')), callable(at('verified')), callable(at('lifted', { live: false }))]).toEqual([true, false, false]);
  });
});
