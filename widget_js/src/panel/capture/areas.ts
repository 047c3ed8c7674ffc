/** Areas of a picture, in its own pixels: drawn by two corners, taken back one by one. */

export interface Point {
  x: number;
  y: number;
}

export interface Area extends Point {
  width: number;
  height: number;
}

/** Pixels under which two corners are a press and no area. */
const SMALLEST = 4;

export function between(one: Point, other: Point): Area {
  return { x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) };
}

export const isArea = ({ width, height }: Area): boolean => width >= SMALLEST && height >= SMALLEST;

export const within = ({ x, y }: Point, size: { width: number; height: number }): Point => ({
  x: Math.round(Math.min(Math.max(x, 0), size.width)),
  y: Math.round(Math.min(Math.max(y, 0), size.height)),
});
