/**
 * After `vite build`: weighs what a person has to load first, and compresses every file once for all.
 * First load: the application's frame, and the home page with its charts.
 */
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** The most that a first load may weigh, compressed by gzip. */
const MOST_KB = 500;
/** Files below this are sent as they are. */
const WORTH = 1024;
/** What everybody meets first. */
const HOME = 'src/home/HomePage.tsx';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));
await rm(new URL('.vite', dist), { recursive: true });

const sizes = new Map();
for (const file of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!file.isFile() || !/\.(js|css|svg|html|json|txt)$/.test(file.name)) continue;
  const path = `${file.parentPath}/${file.name}`;
  const bytes = await readFile(path);
  const zipped = gzipSync(bytes, { level: 9 });
  sizes.set(file.name, zipped.length);
  // The page itself gets a fresh nonce with every answer.
  if (bytes.length < WORTH || file.name === 'index.html') continue;
  await writeFile(`${path}.gz`, zipped);
  await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

/** Everything that a chunk needs at once; the charts only where they are asked for. */
function needs(name, charts, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const { imports = [], dynamicImports = [] } = manifest[name];
  const later = charts ? dynamicImports.filter((next) => next.endsWith('/EChart.tsx')) : [];
  for (const next of [...imports, ...later]) needs(next, charts, seen);
  return seen;
}

const files = (names) => new Set([...names].flatMap((name) => [manifest[name].file, ...(manifest[name].css ?? [])]));
const kb = (names) => [...files(names)].reduce((sum, file) => sum + (sizes.get(file.split('/').at(-1)) ?? 0), 0) / 1024;

// What everybody meets first is the home page, charts and all. Elsewhere charts come when the page stands.
const pages = Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry && !name.endsWith('/EChart.tsx'));
const weighed = pages.map((name) => ({ name, kb: kb(needs(name, name === HOME, needs('index.html', false))) }));
const home = weighed.find(({ name }) => name === HOME);
const heaviest = weighed.reduce((most, page) => (page.kb > most.kb ? page : most));
console.log(
  `first load: ${home.kb.toFixed(0)} kB gzip with the charts of the home page; heaviest page: ${heaviest.name} ${heaviest.kb.toFixed(0)} kB (at most ${MOST_KB})`,
);
if (heaviest.kb > MOST_KB) {
  console.error('too heavy: import less, or load it later');
  process.exit(1);
}
