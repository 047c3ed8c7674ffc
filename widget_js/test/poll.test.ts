// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import type { Actions } from '../src/panel/actions';
import type { Api } from '../src/panel/api';
import { watchUpdates } from '../src/panel/poll';
import { blank, type PanelState } from '../src/panel/state';
import { createStore } from '../src/panel/store';

const home = { tickets: [], next: null, unread: 0, counts: { waiting: 0, in_progress: 0, completed: 0 } };

test('an answer asked for before a request was read is asked for again at once', async () => {
  vi.useFakeTimers();
  const store = createStore<PanelState>({ ...blank(), home, open: true, checking: false, online: true });
  const counts: number[] = [];
  let unread = 1;
  const updates = vi.fn(async () => {
    const news = { cursor: '7', unread, tickets: [] };
    // It is read while the answer is under way.
    if (unread) store.set({ screen: { name: 'home' } });
    unread = 0;
    return news;
  });
  const api = { updates } as unknown as Api;
  const actions = { refresh: async () => {} } as unknown as Actions;
  const watch = watchUpdates({ store, api, actions, announce: () => {}, badge: (count) => counts.push(count), alive: () => true });
  watch.start();
  await vi.advanceTimersByTimeAsync(10);
  watch.stop();
  vi.useRealTimers();
  expect([counts, store.get().cursor, updates.mock.calls.length]).toEqual([[0], '7', 2]);
});

test('with a list just read, news are asked for four seconds later and not at once', async () => {
  vi.useFakeTimers();
  const store = createStore<PanelState>({ ...blank(), home, open: true, checking: false, online: true });
  const updates = vi.fn(async () => null);
  const needs = { store, api: { updates } as unknown as Api, actions: {} as Actions, announce: () => {}, badge: () => {}, alive: () => true };
  const asked = [];
  for (const fresh of [true, false]) {
    const watch = watchUpdates(needs);
    watch.start(fresh);
    for (const wait of [3_000, 1_500]) {
      await vi.advanceTimersByTimeAsync(wait);
      asked.push(updates.mock.calls.length);
    }
    watch.stop();
    updates.mockClear();
  }
  vi.useRealTimers();
  expect(asked).toEqual([0, 1, 1, 2]);
});

test('opened again after the server was away, news come as soon as ever', async () => {
  vi.useFakeTimers();
  const store = createStore<PanelState>({ ...blank(), home, open: true, checking: false, online: true });
  const updates = vi.fn(async () => {
    throw new Error('away');
  });
  const watch = watchUpdates({ store, api: { updates } as unknown as Api, actions: {} as Actions, announce: () => {}, badge: () => {}, alive: () => true });
  watch.start();
  await vi.advanceTimersByTimeAsync(200_000);
  watch.stop();
  updates.mockClear();
  watch.start(true);
  await vi.advanceTimersByTimeAsync(5_000);
  watch.stop();
  vi.useRealTimers();
  expect(updates).toHaveBeenCalledOnce();
});

test('a session that ended while the panel was open begins anew by itself', async () => {
  vi.useFakeTimers();
  const store = createStore<PanelState>({ ...blank(), home, open: true, checking: false, online: true });
  const start = vi.fn(async () => store.set({ home }));
  const updates = vi.fn(async () => null);
  const watch = watchUpdates({ store, api: { updates } as unknown as Api, actions: { start } as unknown as Actions, announce: () => {}, badge: () => {}, alive: () => true });
  watch.start();
  await vi.advanceTimersByTimeAsync(5_000);
  const before = start.mock.calls.length;
  store.set({ home: null });
  await vi.advanceTimersByTimeAsync(5_000);
  watch.stop();
  vi.useRealTimers();
  expect([before, start.mock.calls.length, store.get().home]).toEqual([0, 1, home]);
});

test('news asked for twice at once, as a phone does that wakes, are told once', async () => {
  const store = createStore<PanelState>({ ...blank(), home, cursor: '1', open: true, checking: false, online: true });
  const told: unknown[] = [];
  const updates = vi.fn(async (since: string) => (since === '1' ? { cursor: '2', unread: 1, tickets: [{ id: 'a', unread: true }] } : null));
  const api = { updates } as unknown as Api;
  const actions = { refresh: async () => {} } as unknown as Actions;
  const watch = watchUpdates({ store, api, actions, announce: (name) => told.push(name), badge: () => {}, alive: () => true });
  watch.start();
  dispatchEvent(new Event('online'));
  dispatchEvent(new Event('pageshow'));
  await vi.waitFor(() => expect(updates.mock.calls.map(([since]) => since)).toEqual(['1', '1', '1', '2', '2']));
  watch.stop();
  expect(told).toEqual(['reply']);
});
