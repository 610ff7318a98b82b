// The whole screen in English, and back.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { ask, journey, signIn } from '../lib/journey.mjs';
import { speak } from '../lib/words.mjs';

const CHINESE = /[\u4e00-\u9fff]/;

journey('a manager switches to English and it stays', {}, async ({ page, say, accounts }) => {
  const en = speak('en');
  await signIn(page, say, accounts.others.manager);
  await page.getByRole('button', { name: say('app.language.switch') }).click();
  await page.getByRole('link', { name: en('app.menu.customers'), exact: true }).click();
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor();
  const grid = page.getByRole('grid', { name: 'Customers' });
  await grid.getByRole('row').nth(2).waitFor();
  for (const header of await grid.getByRole('columnheader').allInnerTexts()) assert.doesNotMatch(header, CHINESE);
  for (const name of await page.getByRole('navigation', { name: en('app.menu.label') }).getByRole('link').allInnerTexts()) {
    assert.doesNotMatch(name, CHINESE);
  }
  await assertAccessible(page, 'customers in English');
  await picture(page, 'customers-english');
  assert.equal((await ask(page, '/me')).language, 'en');

  await page.reload();
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor();
  await page.getByRole('button', { name: en('app.language.switch') }).click();
  await page.getByRole('heading', { name: '客户', level: 1 }).waitFor();
});
