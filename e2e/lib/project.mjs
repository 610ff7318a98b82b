// Where things are, and what this machine has.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const SCREENSHOTS = join(PROJECT, 'e2e/screenshots');

/** The server under test: SHOUXIN_BIN, or the development build. */
export function serverProgram() {
  const program = process.env.SHOUXIN_BIN ?? join(PROJECT, 'target/debug/shouxin');
  if (!existsSync(program)) throw new Error(`${program} is missing: run "cargo build --package shouxin" or set SHOUXIN_BIN`);
  return program;
}

/** Debian's Chromium, or another one named by CHROMIUM. */
export function chromiumProgram() {
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error('Chromium is missing: install the Debian packages chromium and fonts-noto-cjk, or set CHROMIUM');
  return found;
}
