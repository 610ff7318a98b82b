// An administrator gives somebody an account; nobody else ever knows the password that stays.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, journey, nameOf } from '../lib/journey.mjs';

journey('a new colleague signs in with the initial password and must replace it', { as: 'system' }, async ({ page, say, address }) => {
  const login = `xin.${Date.now().toString(36)}`;
  await page.goto('/admin/people');
  await page.getByRole('table').first().waitFor();
  await assertAccessible(page, 'people');
  await picture(page, 'people');
  await page.getByRole('button', { name: say('admin.people.add') }).click();
  const drawer = page.getByRole('dialog', { name: say('admin.person.new') });
  await drawer.getByLabel(say('admin.person.name'), { exact: true }).fill('辛同事');
  await drawer.getByLabel(say('admin.person.login'), { exact: true }).fill(login);
  await drawer.getByLabel(say('admin.person.department'), { exact: true }).click();
  await page.locator('.ant-select-dropdown:visible').getByText('市场部', { exact: true }).click();
  await assertAccessible(page, 'a new person');
  await drawer.getByRole('button', { name: nameOf(say('ui.save')) }).click();

  const secret = page.getByRole('dialog').filter({ hasText: say('admin.secret.once') });
  await secret.waitFor();
  const initial = (await secret.locator('dd').nth(1).innerText()).trim();
  assert.ok(initial.length >= 12);
  await secret.getByRole('button', { name: say('admin.secret.done') }).click();
  // The list is long and by name: people look a new colleague up.
  await page.getByRole('search').getByPlaceholder(say('admin.people.search')).fill(login);
  await page.getByRole('table').getByText(login).waitFor();

  const colleague = await openBrowser({ address });
  try {
    const theirs = colleague.page;
    await theirs.goto('/sign-in');
    await theirs.getByLabel(say('session.login'), { exact: true }).fill(login);
    await theirs.getByLabel(say('session.password'), { exact: true }).fill(initial);
    await theirs.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
    await theirs.getByRole('heading', { name: say('session.firstTitle') }).waitFor();
    // Nothing opens before.
    const early = await theirs.request.get('/api/v1/people');
    assert.equal(early.status(), 403, 'the initial password opens nothing');
    const own = '灰鲸游过午后-Kilo-57';
    await theirs.getByLabel(say('session.newPassword'), { exact: true }).fill(own);
    await theirs.getByLabel(say('session.repeatPassword'), { exact: true }).fill(own);
    await theirs.getByRole('button', { name: nameOf(say('session.firstSubmit')) }).click();
    await theirs.getByRole('navigation', { name: say('app.menu.label') }).waitFor();
    assert.equal((await ask(theirs, '/me')).must_change_password, false);
  } finally {
    await colleague.close();
  }
});

journey('whoever leaves is out at the next request', { as: 'system' }, async ({ page, say, accounts, address }) => {
  const leaver = accounts.third.sales;
  const successor = accounts.manager;
  const colleague = await openBrowser({ address });
  try {
    const theirs = colleague.page;
    await theirs.goto('/sign-in');
    await theirs.getByLabel(say('session.login'), { exact: true }).fill(leaver.login);
    await theirs.getByLabel(say('session.password'), { exact: true }).fill(leaver.password);
    await theirs.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
    await theirs.getByRole('navigation', { name: say('app.menu.label') }).waitFor();

    await page.goto(`/admin/people?q=${leaver.login}`);
    await page.getByRole('table').getByRole('button', { name: leaver.name }).first().click();
    const drawer = page.getByRole('dialog', { name: say('admin.person.edit', { name: leaver.name }) });
    await drawer.getByRole('button', { name: nameOf(say('admin.person.leave')) }).click();
    const wizard = page.getByRole('dialog', { name: say('leaving.title', { name: leaver.name }) });
    await wizard.getByText(say('leaving.kind.session', { count: 1 })).waitFor();
    await assertAccessible(page, 'letting somebody go');
    await picture(page, 'leave-dialog');
    await wizard.getByLabel(say('leaving.successor'), { exact: true }).fill(successor.name);
    await page.locator('.ant-select-dropdown:visible').getByText(successor.name).first().click();
    await wizard.getByText(say('leaving.sure')).click();
    await wizard.getByRole('button', { name: nameOf(say('leaving.confirm')) }).click();
    await page.getByRole('heading', { name: say('leaving.report.title', { name: leaver.name }) }).waitFor();
    const answer = await theirs.request.get('/api/v1/me');
    assert.equal(answer.status(), 401, 'the session ended at once');
    await theirs.reload();
    await theirs.waitForURL((url) => url.pathname.startsWith('/sign-in'));
    const report = async () => ask(page, `/leavers/${new URL(page.url()).pathname.split('/').at(-1)}`);
    for (let i = 0; (await report()).hand_over?.state !== 'done'; i += 1) {
      assert.ok(i < 100, 'the hand-over ends');
      await page.waitForTimeout(200);
    }
    const { hand_over: moved, remaining } = await report();
    assert.ok(remaining.every(({ count }) => count === 0), 'nothing is left in their name');
    assert.ok(moved.received.every(({ person }) => person.name === successor.name));
    assert.equal(moved.moved, moved.total);
    assert.ok(moved.received.some(({ object }) => object === 'customer'), 'their customers have moved');
    await page.reload();
    await page.getByText(say('leaving.report.received')).waitFor();
    await assertAccessible(page, 'the report about a leaver');
    await picture(page, 'leaving-report');
  } finally {
    await colleague.close();
  }
});
