/** Text that can be read on any accent a site picks (WCAG 2.2, 1.4.3). */

type RGB = [number, number, number];

/** Reads `#rgb`, `#rrggbb` or `rgb(…)`; anything else counts as a mid blue. */
export function parse(hex: string): RGB {
  if (hex.startsWith('rgb(')) return hex.match(/\d+/g)!.map(Number) as RGB;
  const match = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(hex.trim());
  const digits = match?.[1] ?? '2454d6';
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16)) as RGB;
}

/** Relative luminance, 0 to 1. */
export function luminance(rgb: RGB): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as RGB;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio, 1 to 21. */
export function contrast(one: RGB, other: RGB): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** White or black, whichever reads better on `accent`; one of them always has 4.5. */
export function textOn(accent: string): string {
  return luminance(parse(accent)) > 0.179 ? '#000' : '#fff';
}

/** Text stands on grounds tinted with the accent, too; with this on the plain one they all keep 4.5. */
const ENOUGH = 5.4;

/** The accent moved towards black or white until it reads as text on `surface`. */
export function readableOn(accent: string, surface: string): string {
  const ground = parse(surface);
  const towards = luminance(ground) > 0.179 ? 0 : 255;
  const colour = parse(accent);
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = colour.map((part) => Math.round(part + (towards - part) * share)) as RGB;
    if (contrast(mixed, ground) >= ENOUGH) return `rgb(${mixed.join(' ')})`;
  }
  return towards ? '#fff' : '#000';
}
