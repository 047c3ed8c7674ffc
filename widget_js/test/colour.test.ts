/** Whatever accent a site picks: the colours of the style sheets, worked out as a browser does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contrast, parse, readableOn, textOn } from '../src/colour';

type RGB = [number, number, number];
type Mix = [RGB, number];
const read = (file: string) => readFileSync(join(import.meta.dirname, '../src/panel', file), 'utf8');
const panel = read('panel.css');
const later = read('later.css');

/** Extremes, what looks fine to a designer and reads badly, neon, greys, and a net over all the rest. */
const ACCENTS = ['#000000', '#ffffff', '#777777', '#808080', '#959595', '#ffe14a', '#ffff00', '#39ff14', '#ff00ff', '#00ffff', '#fe019a', '#ff6700', '#0000ff', '#8a1c3c', '#2454d6'];
for (const red of [0, 64, 128, 191, 255])
  for (const green of [0, 64, 128, 191, 255]) for (const blue of [0, 64, 128, 191, 255]) ACCENTS.push(`#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`);

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const gamma = (part: number) => (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);

function toOklab(rgb: RGB): RGB {
  const [r, g, b] = rgb.map((part) => linear(part / 255)) as RGB;
  const [l, m, s] = [0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b, 0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b, 0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b].map(Math.cbrt) as RGB;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function fromOklab([L, a, b]: RGB): RGB {
  const [l, m, s] = [L + 0.3963377774 * a + 0.2158037573 * b, L - 0.1055613458 * a - 0.0638541728 * b, L - 0.0894841775 * a - 1.291485548 * b].map((each) => each ** 3) as RGB;
  const parts = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  return parts.map((part) => Math.round(255 * gamma(Math.min(1, Math.max(0, part))))) as RGB;
}

/** Splits at the commas outside brackets. */
function split(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === ',' && !depth) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim());
}

/** A colour of the style sheet for an accent, in one scheme. */
function colour(value: string, accent: string, dark: boolean): RGB {
  const again = (each: string) => colour(each, accent, dark);
  const [, name, inside] = /^([\w-]+)\((.*)\)$/s.exec(value) ?? [];
  if (name === 'light-dark') return again(split(inside!)[dark ? 1 : 0]!);
  if (name === 'color-mix') {
    const [, one, other] = split(inside!).map((part): Mix => {
      if (part.startsWith('in ')) return [[0, 0, 0], 0];
      const [, plain, share] = /^(.*?)(?: (\d+)%)?$/s.exec(part)!;
      return [again(plain!), share ? Number(share) / 100 : 0];
    }) as [Mix, Mix, Mix];
    const [from, to] = [toOklab(one[0]), toOklab(other[0])];
    return fromOklab(from.map((part, at) => part * one[1] + to[at]! * (1 - one[1])) as RGB);
  }
  if (name === 'var') {
    const [key, fallback] = split(inside!);
    if (key === '--_tint') return parse(accent);
    if (key === '--_link') return parse(readableOn(accent, dark ? '#1b1e26' : '#ffffff'));
    return again(key!.startsWith('--ventanilla') ? fallback! : panel.match(new RegExp(`${key}: ([^;]+);`))![1]!);
  }
  return parse(value);
}

const bubble = later.match(/\.requester \.bubble \{[^}]*background: ([^;]+);/)![1]!;
const grounds = { surface: 'var(--_surface)', raised: 'var(--_raised)', wash: 'var(--_wash)', bubble };

test.each(['light', 'dark'])('every text of the panel reads on every ground with any accent: %s', (scheme) => {
  for (const accent of ACCENTS) {
    const of = (value: string) => colour(value, accent, scheme === 'dark');
    const ratio = (ink: string, ground: string) => contrast(of(ink), of(ground));
    for (const [name, ground] of Object.entries(grounds)) {
      expect(ratio('var(--_text)', ground), `text on ${name}, ${accent}`).toBeGreaterThanOrEqual(4.5);
      expect(ratio('var(--_link)', ground), `link on ${name}, ${accent}`).toBeGreaterThanOrEqual(4.5);
      expect(ratio('var(--_quiet)', ground), `quiet on ${name}, ${accent}`).toBeGreaterThanOrEqual(4.5);
    }
    for (const tone of ['--_amber', '--_blue', '--_green', '--_red']) expect(ratio(`var(${tone})`, 'var(--_surface)'), `${tone}, ${accent}`).toBeGreaterThanOrEqual(4.5);
    expect(ratio('var(--_border)', 'var(--_surface)'), `a field's border, ${accent}`).toBeGreaterThanOrEqual(3);
  }
});

test('what stands on the accent reads, and the ring around the focused button shows beside it', () => {
  for (const accent of ACCENTS) {
    const on = parse(textOn(accent).replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3'));
    expect(contrast(on, parse(accent)), accent).toBeGreaterThanOrEqual(4.5);
  }
});
