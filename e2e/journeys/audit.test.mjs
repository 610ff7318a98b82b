// The auditor sees who looked, and can prove that nothing was rewritten.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, journey, nameOf, signIn } from '../lib/journey.mjs';

journey('the audit administrator finds a reveal with its reason, checks its proof and verifies the ledger', { as: 'audit' }, async ({ page, say, accounts, address }) => {
  // Somebody reveals a phone, elsewhere.
  const reason = `旅程审计 ${Date.now()}`;
  const elsewhere = await openBrowser({ address });
  let customer;
  try {
    await signIn(elsewhere.page, say, accounts.sales);
    customer = (await ask(elsewhere.page, '/records/customer?limit=1')).items[0];
    const answer = await elsewhere.page.request.post(`/api/v1/records/customer/${customer.id}/reveal`, {
      data: { fields: ['phone'], reason },
    });
    assert.equal(answer.status(), 200, await answer.text());
    assert.match((await answer.json()).values.phone, /^[\d+ -]{7,}/);
  } finally {
    await elsewhere.close();
  }

  await page.goto('/audit?action=reveal');
  const entry = page.getByRole('row').filter({ hasText: reason }).first();
  await entry.waitFor();
  assert.match(await entry.innerText(), new RegExp(accounts.sales.name));
  await assertAccessible(page, 'audit');
  await picture(page, 'audit');

  await entry.getByRole('button').first().click();
  const drawer = page.getByRole('dialog').filter({ hasText: say('audit.entry.leaf') });
  await drawer.getByText(reason).first().waitFor();
  await drawer.getByRole('button', { name: nameOf(say('audit.proof.get')) }).click();
  await drawer.getByText(/验证通过/).first().waitFor();
  await assertAccessible(page, 'an entry');
  await picture(page, 'audit-proof');
  await drawer.locator('.ant-drawer-close').click();

  await page.getByRole('button', { name: nameOf(say('audit.tree.verify')) }).click();
  await page.getByText(say('audit.tree.ok')).waitFor({ timeout: 60_000 });
  await picture(page, 'audit-verified');

  // The auditor reads the records of what happened, not the customers.
  const refused = await page.request.get('/api/v1/records/customer');
  assert.equal(refused.status(), 403);
});
