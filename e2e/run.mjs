// `npm test`: one demo company for all journeys, then node's own test runner. `npm test -- search` runs one file.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumProgram } from './lib/project.mjs';
import { startServer } from './lib/server.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'journeys');
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.test.mjs'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
  .map((file) => join(folder, file));
if (files.length === 0) throw new Error(`no journey is called ${wanted.join(', ')}`);

console.log(`browser: ${chromiumProgram()}`);
const started = Date.now();
const server = await startServer('demo');
console.log(`demo company ready after ${((Date.now() - started) / 1000).toFixed(1)} s at ${server.address}`);

const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
  env: { ...process.env, E2E_DEMO_ADDRESS: server.address, E2E_DEMO_DATA: server.data },
});
const stopTests = () => tests.kill('SIGTERM');
process.once('SIGINT', stopTests);
process.once('SIGTERM', stopTests);
const code = await new Promise((resolve) => tests.once('exit', resolve));
await server.stop();
if (/panicked/.test(server.said.err)) {
  console.error(`the server panicked:\n${server.said.err}`);
  process.exit(1);
}
process.exit(code ?? 1);
