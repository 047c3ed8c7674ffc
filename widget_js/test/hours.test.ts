import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { standing } from '../src/panel/hours';
import { createWords } from '../src/panel/i18n';

const MINUTE = 60_000;
const open = [1_000, 1_100, 2_000, 2_100];

describe('a channel’s hours', () => {
  test.each([
    [999, false, 1_000],
    [1_000, true, 1_100],
    [1_099.99, true, 1_100],
    [1_100, false, 2_000],
    [2_050, true, 2_100],
    [2_100, false, null],
  ])('at minute %s it is open: %s, until %s', (minute, is, change) => {
    expect(standing(open, minute * MINUTE)).toEqual({ open: is, change: change === null ? null : change * MINUTE });
  });

  test('without hours it is always open', () => expect(standing(null, 0)).toEqual({ open: true, change: null }));

  test('without any opening ahead it is closed', () => expect(standing([], 0)).toEqual({ open: false, change: null }));

  test('an opening is said as people say it, in the reader’s own time', () => {
    const words = createWords('en', JSON.parse(readFileSync(new URL('../locales/en.json', import.meta.url), 'utf8')));
    const now = new Date(2026, 10, 23, 18, 0).getTime();
    const at = (day: number, hour: number) => words.at(new Date(2026, 10, day, hour, 0).getTime(), now).replace(/\s/g, ' ');
    expect(at(23, 20)).toBe('at 8:00 PM');
    expect(at(24, 9)).toBe('tomorrow at 9:00 AM');
    expect(at(26, 9)).toMatch(/^on Thursday.* at 9:00 AM$/);
  });
});
