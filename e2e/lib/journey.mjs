// One journey: somebody, a browser, a story. Keeps a picture when it fails and refuses pages that complain.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openBrowser, picture } from './browser.mjs';
import { demoAccounts, startServer } from './server.mjs';
import { freshCode } from './totp.mjs';
import { speak } from './words.mjs';

const JOURNEY_MS = 180_000;

let own;
/** The demo company: the one that `run.mjs` started for all, or an own one when a file runs alone. */
export async function demo() {
  if (process.env.E2E_DEMO_ADDRESS) {
    return { address: process.env.E2E_DEMO_ADDRESS, accounts: demoAccounts(process.env.E2E_DEMO_DATA) };
  }
  own ??= await startServer('demo');
  return { address: own.address, accounts: demoAccounts(own.data) };
}
after(async () => own?.stop());

/**
 * `journey('what holds afterwards', { as: 'sales' }, async ({ page, say, accounts }) => …)`.
 * `as` signs a demo account of that role in; `server` gives another server than the demo.
 */
export function journey(name, { as, server, language = 'zh', ...window }, story) {
  test(name, { timeout: JOURNEY_MS }, async (t) => {
    const { address, accounts } = server ? { address: (await server()).address, accounts: {} } : await demo();
    const { page, complaints, close } = await openBrowser({ address, language, ...window });
    const say = speak(language);
    try {
      if (as) await signIn(page, say, accounts[as]);
      await story({ page, say, accounts, address, t });
      assert.deepEqual(complaints, [], 'the page complained');
    } catch (error) {
      await picture(page, `failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}`).catch(() => undefined);
      throw error;
    } finally {
      await close();
    }
  });
}

/** Signs in by the form. */
export async function signIn(page, say, { login, password, totp_secret: secret, notes }) {
  await page.goto('/sign-in');
  await page.getByLabel(say('session.login'), { exact: true }).fill(login);
  await page.getByLabel(say('session.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: say('session.signIn'), exact: true }).click();
  if (secret) {
    await page.getByLabel(say('security-own.code'), { exact: true }).fill(await freshCode(secret, notes));
    await page.getByRole('button', { name: say('security-own.verify'), exact: true }).click();
  }
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** A button by its text: antd puts an icon's name before it, and a space between two Chinese characters. */
export function nameOf(text) {
  const characters = [...text].map((character) => character.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(^|\\s)${characters.join('\\s?')}$`);
}

/** Asks the API as the page's person would. */
export async function ask(page, path) {
  const answer = await page.request.get(`/api/v1${path}`);
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  return answer.json();
}

/** Sets an authenticator up where the page offers it; gives its secret and the recovery codes. */
export async function enrolTotp(page, say, notes) {
  await page.getByRole('button', { name: nameOf(say('security-own.start')) }).click();
  const secret = (await page.locator('code').innerText()).replaceAll(' ', '');
  await page.getByRole('img', { name: say('security-own.qr') }).locator('svg').waitFor();
  await page.getByLabel(say('security-own.enterCode'), { exact: true }).fill(await freshCode(secret, notes));
  await page.getByRole('button', { name: nameOf(say('security-own.confirm')) }).click();
  const kept = page.getByRole('button', { name: nameOf(say('security-own.codesKept')) });
  await kept.waitFor();
  const codes = await page.locator('li', { hasText: /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/ }).allInnerTexts();
  return { secret, codes, kept };
}
