import { expect, test } from 'vitest';
import { between, isArea, within } from '../src/panel/capture/areas';

test('two corners make an area, in whatever order they are pressed', () => {
  const area = { x: 10, y: 20, width: 30, height: 40 };
  expect(between({ x: 10, y: 20 }, { x: 40, y: 60 })).toEqual(area);
  expect(between({ x: 40, y: 20 }, { x: 10, y: 60 })).toEqual(area);
});

test('a press is no area', () => {
  expect(isArea(between({ x: 5, y: 5 }, { x: 7, y: 90 }))).toBe(false);
  expect(isArea(between({ x: 5, y: 5 }, { x: 9, y: 9 }))).toBe(true);
});

test('no area leaves the picture', () => {
  expect(within({ x: -3, y: 1e4 }, { width: 100, height: 50 })).toEqual({ x: 0, y: 50 });
});
