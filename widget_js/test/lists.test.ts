import { expect, test } from 'vitest';
import { merged, withTicket } from '../src/panel/lists';
import { grouped } from '../src/panel/threads';
import type { Entry, Home, Ticket, TicketRow } from '../src/panel/types';

const row = (id: string, at: number, more: Partial<TicketRow> = {}) =>
  ({ id, updated_at: `2026-01-0${at}T00:00:00Z`, state: 'waiting', unread: false, ...more }) as TicketRow;
const ids = (rows: TicketRow[]) => rows.map((each) => each.id).join('');

test('what changed comes first, once', () => {
  expect(ids(merged([row('b', 2), row('a', 1)], [row('a', 3)], true))).toBe('ab');
});

test('under a filter nothing appears that was not there', () => {
  const rows = merged([row('a', 1)], [row('b', 3), row('a', 2, { unread: true })], false);
  expect([ids(rows), rows[0]!.unread]).toEqual(['a', true]);
});

test('a request that was read is no longer counted as unread', () => {
  const home: Home = { tickets: [row('a', 1, { unread: true })], next: null, unread: 1, counts: { waiting: 1, in_progress: 0, completed: 0 }, updates: '0' };
  const after = withTicket(home, { ...row('a', 1), state: 'in_progress' } as Ticket, false);
  expect([after.unread, after.counts]).toEqual([0, { waiting: 0, in_progress: 1, completed: 0 }]);
});

test('a first request makes a list', () => {
  const home: Home = { tickets: [], next: null, unread: 0, counts: { waiting: 0, in_progress: 0, completed: 0 }, updates: '0' };
  const after = withTicket(home, row('a', 1) as Ticket, true);
  expect([ids(after.tickets), after.counts.waiting]).toEqual(['a', 1]);
});

test('what happened in one go is one line, and messages stand alone', () => {
  const event = (id: string, minute: number) => ({ type: 'event', id, at: `2026-01-01T00:0${minute}:00Z` }) as Entry;
  const said = { type: 'message', id: 'm', at: '2026-01-01T00:01:00Z' } as Entry;
  const parts = grouped([event('1', 0), event('2', 1), said, event('3', 1), event('4', 5)]);
  expect(parts.map((part) => ('events' in part ? part.events.map((each) => each.id).join('') : part.id))).toEqual(['12', 'm', '3', '4']);
});
