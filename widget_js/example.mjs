// Build the single-page example with the packages that stand here, so that it is tried without any of its own.
import { join } from 'node:path';
import { build } from 'vite';

const [, , out] = process.argv;
const widget = import.meta.dirname;
const modules = join(widget, 'node_modules');
const alias = Object.fromEntries(['react', 'react-dom', 'react-router'].map((name) => [name, join(modules, name)]));

await build({
  root: join(widget, '../examples/react'),
  configFile: false,
  logLevel: 'error',
  resolve: { alias: { ventanilla: join(widget, 'package'), ...alias }, dedupe: ['react', 'react-dom'] },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: { outDir: out, emptyOutDir: true, target: 'es2022' },
});
