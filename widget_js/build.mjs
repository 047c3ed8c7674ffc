// Build the loader, the panel and one module per language into the server's static folder.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = import.meta.dirname;
const out = join(root, '../widget_server/static/widget');
const vendor = join(root, '../widget_server/static/vendor');

/** Bytes on the wire, brotli. The page pays for the loader, a click for the panel and a language. */
const BUDGET = { loader: 2_900, click: 24_000 };

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 10);
const brotli = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });

async function bundle(entry, format) {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2022',
      cssTarget: ['chrome130', 'firefox130', 'safari18'],
      modulePreload: false,
      rollupOptions: {
        input: join(root, entry),
        preserveEntrySignatures: 'exports-only',
        output: { format, entryFileNames: 'out.js', codeSplitting: false },
      },
    },
  });
  const output = (Array.isArray(result) ? result[0] : result).output;
  return output.find((file) => file.type === 'chunk').code.trim();
}

function emit(name, code) {
  const file = `${name}-${hash(code)}.js`;
  writeFileSync(join(out, 'assets', file), code);
  return file;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'assets'), { recursive: true });
mkdirSync(vendor, { recursive: true });

const panelCode = await bundle('src/panel/index.tsx', 'es');
const panel = emit('panel', panelCode);
const lang = {};
const labels = {};
const sizes = {};
for (const file of readdirSync(join(root, 'locales')).sort()) {
  const code = file.replace('.json', '');
  const texts = JSON.parse(readFileSync(join(root, 'locales', file), 'utf8'));
  const module = `export default ${JSON.stringify(texts)}`;
  lang[code] = emit(code, module);
  labels[code] = texts.help;
  sizes[code] = brotli(module).length;
}
const loader = await bundle('src/loader/index.ts', 'iife');
if (loader.split('__VENTANILLA_SITE__').length !== 2) throw new Error('The loader must name its configuration exactly once.');
writeFileSync(join(out, 'loader.js'), loader);

const htmx = join(root, 'node_modules/htmx.org/dist/htmx.min.js');
if (existsSync(htmx)) copyFileSync(htmx, join(vendor, 'htmx.min.js'));

const size = { loader: brotli(loader).length, panel: brotli(panelCode).length, gzip: gzipSync(panelCode).length };
const click = size.panel + Math.max(...Object.values(sizes));
console.log(`loader ${size.loader} B, panel ${size.panel} B, click ${click} B (brotli)`);
if (size.loader > BUDGET.loader || click > BUDGET.click) throw new Error(`Over budget: ${JSON.stringify(BUDGET)}`);

// Written last: the server takes a manifest as the sign of a finished build.
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ loader: 'loader.js', panel, lang, labels }));
