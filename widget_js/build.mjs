// Build the loader, the panel and one module per language into the server's static folder.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = import.meta.dirname;
const out = join(root, '../widget_server/static/widget');
const vendor = join(root, '../widget_server/static/vendor');

/** Bytes on the wire, brotli: every page pays for the loader, a click for the panel and a language, reading on for the rest. */
const BUDGET = { loader: 2_720, click: 22_270, later: 11_330, orders: 5_900, suggestions: 2_000, capture: 2_900 };

const LANGUAGES = readdirSync(join(root, 'locales/orders')).map((file) => file.replace('.json', ''));

/** What comes when it is wanted, a folder each. */
const PARTS = ['orders', 'suggestions', 'capture'];

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 10);
const brotli = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });

/** Vite would bring a kilobyte to preload style sheets that a second chunk might have; ours has none. */
const plainImport = {
  name: 'plain-import',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
};

async function bundle(entry, output) {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [plainImport],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2022',
      cssTarget: ['chrome130', 'firefox130', 'safari18'],
      modulePreload: false,
      rollupOptions: { input: join(root, entry), preserveEntrySignatures: 'allow-extension', output },
    },
  });
  const chunks = (Array.isArray(result) ? result[0] : result).output.filter((file) => file.type === 'chunk');
  return chunks.map(({ fileName, code, isEntry }) => ({ fileName, code: code.trim(), isEntry }));
}

/** A file under its own name, and beside it as servers like to send it. */
function emit(fileName, code) {
  const file = join(out, 'assets', fileName);
  writeFileSync(file, code);
  writeFileSync(`${file}.br`, brotli(code));
  writeFileSync(`${file}.gz`, gzipSync(code, { level: 9 }));
  return fileName;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'assets'), { recursive: true });
mkdirSync(vendor, { recursive: true });

// What every part needs comes with the first, never as a file of its own: that would be one request more at the click.
const codeSplitting = { groups: [{ name: 'panel', test: /\/(preact|panel\/(index|context|icons))\b/ }] };
const chunks = await bundle('src/panel/index.tsx', { format: 'es', codeSplitting, entryFileNames: 'panel-[hash].js', chunkFileNames: ({ name, facadeModuleId }) => `${PARTS.find((part) => facadeModuleId?.includes(`/${part}/index`)) ?? (facadeModuleId?.includes('/locales/capture/') ? `capture-${name}` : name)}-[hash].js` });
if (chunks.length !== 2 + PARTS.length + 2 * LANGUAGES.length) throw new Error(`These are not the panel's files: ${chunks.map((chunk) => chunk.fileName)}`);
for (const { fileName, code } of chunks) emit(fileName, code);
const panel = chunks.find((chunk) => chunk.isEntry);
const part = (name) => brotli(chunks.find((chunk) => new RegExp(`^${name}-[\\w-]{8}\\.js$`).test(chunk.fileName)).code).length;

const lang = {};
const labels = {};
const sizes = [];
for (const file of readdirSync(join(root, 'locales')).filter((name) => name.endsWith('.json')).sort()) {
  const code = file.replace('.json', '');
  const texts = JSON.parse(readFileSync(join(root, 'locales', file), 'utf8'));
  const module = `export default ${JSON.stringify(texts)}`;
  lang[code] = emit(`${code}-${hash(module)}.js`, module);
  labels[code] = texts.help;
  sizes.push(brotli(module).length);
}
const [{ code: loader }] = await bundle('src/loader/index.ts', { format: 'iife', entryFileNames: 'loader.js' });
if (loader.split('__VENTANILLA_SITE__').length !== 2) throw new Error('The loader must name its configuration exactly once.');
writeFileSync(join(out, 'loader.js'), loader);
copyFileSync(join(root, 'node_modules/htmx.org/dist/htmx.min.js'), join(vendor, 'htmx.min.js'));

const size = {
  loader: brotli(loader).length,
  click: brotli(panel.code).length + Math.max(...sizes),
  later: part('later'),
  orders: part('orders') + Math.max(...LANGUAGES.map(part)),
  suggestions: part('suggestions'),
  capture: part('capture') + Math.max(...LANGUAGES.map((code) => part(`capture-${code}`))),
};
console.log(`Brotli bytes: loader ${size.loader}, click ${size.click}, later ${size.later}, orders ${size.orders}, suggestions ${size.suggestions}, capture ${size.capture}`);

// Written last: the server takes a manifest as the sign of a finished build.
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ loader: 'loader.js', panel: panel.fileName, lang, labels }));
for (const [part, most] of Object.entries(BUDGET)) if (size[part] > most) throw new Error(`${part} is over its budget of ${most} B.`);
