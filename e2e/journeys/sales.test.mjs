// What a salesperson does all day.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { ask, journey, nameOf } from '../lib/journey.mjs';

const MASKED_PHONE = /\d{2,4}\*{3,}\d{2,4}/;

journey('a salesperson reads own customers behind masks, reveals one phone and logs a call', { as: 'sales' }, async ({ page, say }) => {
  await page.goto('/customers');
  const grid = page.getByRole('grid', { name: '客户' });
  const rows = grid.getByRole('row');
  await rows.nth(3).waitFor();
  await assertAccessible(page, 'list of customers');
  await picture(page, 'customers');

  // Every customer of the list is this person's own, and no phone is in clear.
  const me = await ask(page, '/me');
  const list = await ask(page, '/records/customer?limit=50');
  assert.ok(list.items.length > 10);
  for (const item of list.items) {
    assert.equal(item.owner, me.id);
    assert.match(item.phone, /\*/);
  }

  await rows.nth(1).getByRole('button').first().click();
  const panel = page.getByRole('dialog', { name: '客户' });
  await panel.getByRole('heading', { level: 2 }).first().waitFor();
  await panel.getByText(MASKED_PHONE).first().waitFor();
  await panel.getByRole('form', { name: say('records.composer.label') }).waitFor();
  await assertAccessible(page, 'panel of a customer');

  // Reveal: not without a reason.
  await panel.getByRole('button', { name: say('ui.mask.show', { field: '电话' }) }).first().click();
  const dialog = page.getByRole('dialog').filter({ hasText: say('ui.mask.why') });
  const show = dialog.getByRole('button', { name: nameOf(say('ui.mask.reveal')) });
  assert.equal(await show.isDisabled(), true, 'no reveal without a reason');
  await dialog.getByPlaceholder(say('ui.mask.reason.placeholder')).fill('旅程测试：客户要求回电');
  await assertAccessible(page, 'reason of a reveal');
  await show.click();
  const clear = panel.locator('[data-clear]').first();
  await clear.waitFor();
  assert.match(await clear.innerText(), /\d{7,}/);
  await picture(page, 'revealed');
  await panel.getByRole('button', { name: say('ui.mask.hide') }).click();
  await clear.waitFor({ state: 'detached' });

  // A call on the timeline.
  const words = `旅程通话记录 ${Date.now()}`;
  const composer = panel.getByRole('form', { name: say('records.composer.label') });
  await composer.getByRole('textbox').first().fill(words);
  await composer.getByRole('button', { name: nameOf(say('records.composer.save')) }).click();
  await panel.getByText(words).first().waitFor();
  await picture(page, 'timeline');
});

journey('a cell is edited where it stands', { as: 'sales' }, async ({ page }) => {
  await page.goto('/customers');
  const grid = page.getByRole('grid', { name: '客户' });
  await grid.getByRole('row').nth(2).waitFor();
  const first = (await ask(page, '/records/customer?limit=1&sort=-created_at')).items[0];
  const row = grid.getByRole('row').filter({ hasText: first.name }).first();
  const wanted = first.level === 'b' ? 'C 普通' : 'B 重要';
  const old = { a: 'A 重点', b: 'B 重要', c: 'C 普通', d: 'D 观察' }[first.level];
  await row.getByRole('gridcell').filter({ hasText: old }).first().dblclick();
  await page.locator('.ant-select-dropdown:visible').getByText(wanted, { exact: true }).click();
  await row.getByRole('gridcell').filter({ hasText: wanted }).first().waitFor();
  await page.waitForTimeout(300);
  const after = await ask(page, `/records/customer/${first.id}`);
  assert.equal(after.level, first.level === 'b' ? 'c' : 'b');
  assert.equal(after.version, first.version + 1);
});

journey('a name of two characters is found from anywhere', { as: 'manager' }, async ({ page, say }) => {
  const contacts = (await ask(page, '/records/contact?limit=200')).items;
  const person = contacts.find((contact) => contact.name.length === 2);
  assert.ok(person, 'a contact with a name of two characters');
  await page.goto('/');
  await page.getByRole('navigation', { name: say('app.menu.label') }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: say('records.search.placeholder') }).fill(person.name);
  const hits = page.getByRole('listbox', { name: say('records.search.title') }).getByRole('option');
  await hits.filter({ hasText: person.name }).first().waitFor();
  await assertAccessible(page, 'search');
  await picture(page, 'search');
  await page.keyboard.press('Enter');
  await page.waitForURL(/open=|\/customers\//);
  await page.getByText(person.name).first().waitFor();
});
