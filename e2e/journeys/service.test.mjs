// Service helps every customer without seeing what a deal is worth.
import assert from 'node:assert/strict';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, journey, signIn } from '../lib/journey.mjs';

journey('service sees deals without their amounts, on screen and in every answer', { as: 'service' }, async ({ page }) => {
  const objects = (await ask(page, '/objects')).objects;
  const deal = objects.find((object) => object.name === 'deal');
  assert.ok(!deal?.fields.some((field) => field.name === 'amount'), 'the field does not exist for service');
  if (deal?.actions.includes('list')) {
    const list = await ask(page, '/records/deal?limit=20');
    assert.ok(list.items.length > 0);
    for (const item of list.items) assert.ok(!('amount' in item));
    await page.goto('/deals?mode=list');
    await page.getByRole('grid').or(page.getByRole('list')).first().waitFor();
    await picture(page, 'service-deals');
    assert.doesNotMatch(await page.getByRole('main').innerText(), /¥|￥|金额/);
  }
  for (const query of [
    'sort=-amount',
    `filter=${encodeURIComponent(JSON.stringify({ field: 'amount', op: 'gt', value: 0 }))}`,
    'fields=amount',
  ]) {
    const answer = await page.request.get(`/api/v1/records/deal?${query}`);
    const text = await answer.text();
    assert.ok(answer.status() >= 400 || !/"amount"/.test(text), `${query}: ${text.slice(0, 200)}`);
  }
});

journey('somebody else’s customer is not there for a salesperson', { as: 'sales' }, async ({ page, say, accounts, address }) => {
  const other = await openBrowser({ address });
  let foreign;
  try {
    await signIn(other.page, say, accounts.others.sales);
    foreign = (await ask(other.page, '/records/customer?limit=1')).items[0];
  } finally {
    await other.close();
  }
  await page.goto(`/customers/${foreign.id}`);
  await page.getByText(say('ui.state.missing')).first().waitFor();
  assert.ok(!(await page.getByRole('main').innerText()).includes(foreign.name));
  const answer = await page.request.get(`/api/v1/records/customer/${foreign.id}`);
  assert.equal(answer.status(), 404);
});
