// On a telephone, 390 pixels wide.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { journey } from '../lib/journey.mjs';

async function assertFits(page, where) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${where} is ${content} px wide on a screen of ${window}`);
}

journey('a salesperson works on a telephone', { as: 'sales', width: 390, height: 844 }, async ({ page, say }) => {
  const visit = async (text, path) => {
    await page.getByRole('button', { name: say('app.menu.open') }).click();
    await page.getByRole('dialog').getByRole('link', { name: say(text), exact: true }).click();
    await page.waitForURL((url) => url.pathname === path);
    await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.waitForLoadState('networkidle');
    await assertFits(page, path);
  };
  await page.getByRole('main').waitFor();
  await page.waitForLoadState('networkidle');
  await assertFits(page, 'home');
  await assertAccessible(page, 'home on a telephone');
  await picture(page, 'phone-home');

  for (const [text, path] of [
    ['app.menu.contacts', '/contacts'],
    ['app.menu.deals', '/deals'],
    ['app.menu.communications', '/communications'],
    ['app.menu.tasks', '/tasks'],
    ['app.menu.customers', '/customers'],
  ]) {
    await visit(text, path);
    await picture(page, `phone-${path.slice(1)}`);
  }
  await assertAccessible(page, 'customers on a telephone');

  await page.getByRole('list', { name: '客户' }).getByRole('button').first().click();
  const panel = page.getByRole('dialog', { name: '客户' });
  await panel.getByRole('form', { name: say('records.composer.label') }).waitFor();
  await assertFits(page, 'a customer');
  await assertAccessible(page, 'a customer on a telephone');
  await picture(page, 'phone-customer');
});
