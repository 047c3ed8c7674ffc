import { expect, test } from 'vitest';
import { createSums, day } from '../src/panel/orders/money';
import type { Order } from '../src/panel/orders/types';
import { offered } from '../src/panel/threads';
import type { Ticket, TicketEvent } from '../src/panel/types';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test.each([
  ['es', 'EUR', 2, 172_809, '1.728,09 €'],
  ['en', 'EUR', 2, 172_809, '€1,728.09'],
  ['de', 'EUR', 2, -310, '-3,10 €'],
  ['en', 'JPY', 0, 1_234_567, '¥1,234,567'],
  ['en', 'KWD', 3, 1_234_567, 'KWD 1,234.567'],
])('in %s %s is written with all its digits', (language, currency, decimals, minor, text) => {
  expect(plain(createSums(language, { currency, decimals }).sum(minor))).toBe(text);
});

test('rates and quantities are shown as short as they are', () => {
  const { rate, quantity } = createSums('es', { currency: 'EUR', decimals: 2 });
  expect([plain(rate(22)), plain(rate(5.5)), quantity(2.5), quantity(3)]).toEqual(['22 %', '5,5 %', '2,5', '3']);
});

test.each([
  ['es', 'EUR', 2, 146_400, '1464,00'],
  ['en', 'EUR', 2, 146_400, '1464.00'],
  ['es', 'JPY', 0, 12_340, '12340'],
  ['en', 'KRW', 0, 1_234_567, '1234567'],
  ['de', 'KWD', 3, 1_500, '1,500'],
  ['fr', 'CHF', 2, 123_456_789, '1234567,89'],
])('in %s %s is copied as a bank takes it', (language, currency, decimals, minor, text) => {
  expect(createSums(language, { currency, decimals }).bare(minor)).toBe(text);
});

test('a day of the calendar is the same day in every time zone', () => {
  expect(day('en', '2027-01-01')).toContain('January 1');
});

const event = (id: string, kind: string, order: string): TicketEvent => ({
  type: 'event', id, kind, at: '2026-11-24T10:00:00.000000Z', actor: { kind: 'agent', name: 'Inés', you: false }, data: { order },
});

test('a card stands where its newest version was sent', () => {
  const [first, second, other] = [event('a', 'quoted', 'one'), event('b', 'quoted', 'one'), event('c', 'ordered', 'two')];
  const ticket = { thread: [first, second, other], orders: [{ id: 'one' }, { id: 'two' }] as Order[] } as unknown as Ticket;
  expect(offered(ticket, [first])).toEqual([]);
  expect(offered(ticket, [second]).map((order) => order.id)).toEqual(['one']);
  expect(offered(ticket, [other]).map((order) => order.id)).toEqual(['two']);
  expect(offered({ ...ticket, orders: undefined } as unknown as Ticket, [second])).toEqual([]);
});
