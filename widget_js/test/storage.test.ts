import { expect, test } from 'vitest';
import { createStorage } from '../src/panel/storage';

/** A browser's storage with room for so many characters. */
function store(room: number): Storage {
  const kept: Record<string, string> = {};
  return Object.defineProperties(kept, {
    getItem: { value: (key: string) => kept[key] ?? null },
    setItem: {
      value(key: string, text: string) {
        if (text.length > room) throw new DOMException('full', 'QuotaExceededError');
        kept[key] = text;
      },
    },
    removeItem: { value: (key: string) => delete kept[key] },
  }) as unknown as Storage;
}

test('what finds no room in storage is found again all the same', () => {
  const kept = createStorage('k', store(20));
  kept.set('draft', 'short');
  kept.set('draft', 'a text that finds no room');
  expect(kept.get('draft')).toBe('a text that finds no room');
  kept.set('draft', 'short again');
  expect(kept.get('draft')).toBe('short again');
  kept.set('session', 'a token that finds no room');
  kept.wipe();
  expect([kept.get('draft'), kept.get('session')]).toEqual([null, null]);
});

test('what is there is left to others, and what others broke is nothing', () => {
  const shared = store(100);
  shared.setItem('ventanilla:k:draft', '{"broken');
  shared.setItem('theirs', '1');
  const kept = createStorage('k', shared);
  expect([kept.get('draft'), kept.get('nothing')]).toEqual([null, null]);
  kept.wipe();
  expect(Object.keys(shared)).toEqual(['theirs']);
});
