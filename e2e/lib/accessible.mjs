// axe on the page as it stands: nothing serious, nothing critical, in the light and in the dark.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { settle } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const GRAVE = new Set(['serious', 'critical']);

async function findings(page) {
  // Evaluated by the browser's tools, so that the page's strict CSP does not have to allow it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }),
  );
  return violations
    .filter((violation) => GRAVE.has(violation.impact))
    .map((violation) => `${violation.impact} ${violation.id} (${violation.nodes.length}): ${violation.nodes.slice(0, 4).map(inWords).join(' | ')}`);
}

function inWords(node) {
  const why = [...node.any, ...node.all, ...node.none][0]?.message ?? '';
  return `${node.target.join(' ')}: ${why}`;
}

/** Checks the page in both appearances and leaves it in the light one. */
export async function assertAccessible(page, where) {
  for (const scheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme: scheme });
    await settle(page);
    assert.deepEqual(await findings(page), [], `${where} (${scheme})`);
  }
}
