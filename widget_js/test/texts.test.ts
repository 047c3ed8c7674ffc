import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const languages = readdirSync(join(root, 'locales')).filter((file) => file.endsWith('.json'));
/** The texts of every click, and those that come with a part. */
const catalogues = ['locales', 'locales/orders', 'locales/capture'];
const textsOf = (catalogue: string, file: string) => JSON.parse(read(`${catalogue}/${file}`)) as Record<string, string>;
const spanish = catalogues.flatMap((catalogue) => Object.keys(textsOf(catalogue, 'es.json')));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const code = sources.map((file) => read(join('src', file))).join('\n');

test.each(languages)('%s has every text and no other', (file) => {
  const texts = Object.assign({}, ...catalogues.map((catalogue) => textsOf(catalogue, file))) as Record<string, string>;
  expect(Object.keys(texts).filter((key) => !/\.(few|many)$/.test(key)).sort()).toEqual([...spanish].sort());
  for (const [key, text] of Object.entries(texts)) expect(text, key).not.toMatch(/^\s*$|!/);
});

test('every text asked for exists', () => {
  for (const [, key] of code.matchAll(/\bt\('([\w.]+)'/g)) {
    expect(spanish.includes(key!) || spanish.includes(`${key}.other`), key).toBe(true);
  }
});

test('the same places are filled in every language', () => {
  const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
  for (const catalogue of catalogues) {
    const first = textsOf(catalogue, 'es.json');
    for (const file of languages) {
      const texts = textsOf(catalogue, file);
      for (const key of Object.keys(first)) expect(places(texts[key]!), `${file} ${key}`).toBe(places(first[key]!));
    }
  }
});
