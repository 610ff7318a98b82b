// A browser like a colleague's: one profile per journey, every complaint of the page noticed.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumProgram, SCREENSHOTS } from './project.mjs';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Notices of the browser that say nothing about our pages. */
const HARMLESS = [/status of 4\d\d/];

/**
 * Opens a browser window. `width` 390 is a phone; `dark` the dark appearance; `calm` asks for less motion; `language`
 * is what the screen speaks.
 */
export async function openBrowser({ address, width = 1280, height = 860, dark = false, calm = false, language = 'zh' }) {
  const profile = mkdtempSync(join(tmpdir(), 'shouxin-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumProgram(),
    args: ARGUMENTS,
    headless: true,
    viewport: { width, height },
    baseURL: address,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: calm ? 'reduce' : 'no-preference',
    acceptDownloads: true,
  });
  await context.addInitScript((lang) => {
    // Only the first page of a journey: later the person's own choice holds.
    if (localStorage.getItem('shouxin.language') === null) localStorage.setItem('shouxin.language', lang);
  }, language);
  context.setDefaultTimeout(15_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const text = message.text();
    if (!HARMLESS.some((harmless) => harmless.test(text))) complaints.push(`console: ${text}`);
  });
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { page, complaints, close };
}

/** Waits until colours and places have stopped moving. Spinners never do. */
export async function settle(page) {
  await page.waitForTimeout(150);
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity),
  );
}

/** Keeps a picture under e2e/screenshots. */
export async function picture(page, name) {
  await settle(page).catch(() => undefined);
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
