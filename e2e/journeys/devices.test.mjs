// Devices and networks: a second browser without the approved key is refused, a forbidden network too.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, journey, nameOf, signIn } from '../lib/journey.mjs';

/**
 * A browser somewhere else: what passes a proxy is not the server's own machine, whose console no rule shuts out.
 * Nobody trusts this proxy, so its address stays that of the machine, in no zone.
 */
async function elsewhere(address, options = {}) {
  const browser = await openBrowser({ address, ...options });
  await browser.page.context().setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.9' });
  return browser;
}

/** Asks the API as the page would: with its own client, which proves the device where that is asked. */
async function change(page, method, path, body) {
  const status = await page.evaluate(
    async ([method, address, body]) => {
      const answer = await fetch(address, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return answer.status;
    },
    [method, `/api/v1${path}`, body],
  );
  assert.equal(status, 204, `${method} ${path}`);
}

journey('a second browser without an approved key is refused', { as: 'security' }, async ({ page, say, accounts, address }) => {
  const { service } = accounts;
  const office = await elsewhere(address);
  const stolen = await elsewhere(address, { width: 390, height: 844 });
  try {
    await signIn(office.page, say, service);
    await office.page.goto('/account/security');
    await office.page.getByLabel(say('devices.name'), { exact: true }).fill('前台电脑');
    await office.page.getByRole('button', { name: nameOf(say('devices.enrol')) }).click();
    await office.page.getByText(say('devices.current'), { exact: true }).waitFor();
    await picture(office.page, 'my-devices');
    await assertAccessible(office.page, 'my devices');

    // The cookie alone changes nothing; with the key beside it the page goes on without a question.
    const { id } = (await ask(office.page, '/me')) ?? {};
    assert.ok(id);
    const bare = await office.page.request.post('/api/v1/me/password', { data: { current: 'x', new: 'y' } });
    assert.equal((await bare.json()).key, 'device_proof_needed');

    await page.goto('/admin/devices');
    await page.getByText('前台电脑').waitFor();
    await picture(page, 'devices');
    await change(page, 'PUT', '/devices/rules', { everyone: 'any', roles: { service: 'approved' } });
    await office.page.goto('/customers');
    await office.page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(new URL(office.page.url()).pathname, '/customers');

    // The same password in another browser.
    await signIn(stolen.page, say, service);
    await stolen.page.waitForURL('**/refused**');
    await stolen.page.getByRole('heading', { name: say('devices.refused.must_use_device') }).waitFor();
    await picture(stolen.page, 'refused-device-phone');
    await assertAccessible(stolen.page, 'refused');
    const status = await stolen.page.evaluate(async () => (await fetch('/api/v1/records/customer')).status);
    assert.equal(status, 403);
    await stolen.page.getByLabel(say('devices.name'), { exact: true }).fill('家里的手机');
    await stolen.page.getByRole('button', { name: nameOf(say('devices.enrol')) }).click();
    await stolen.page.getByRole('heading', { name: say('devices.refused.device_pending') }).waitFor();

    // The security administrator approves it, and it works.
    await page.reload();
    await page.getByRole('row', { name: /家里的手机/ }).getByRole('button', { name: nameOf(say('adminDevices.approve')) }).click();
    await page.getByText(say('adminDevices.approved')).waitFor();
    await stolen.page.getByRole('button', { name: nameOf(say('devices.again')) }).click();
    await stolen.page.waitForURL((url) => url.pathname === '/');

    // Revoked, it is signed out at once.
    const devices = await ask(page, '/devices');
    for (const device of devices.items.filter((d) => d.state !== 'revoked' && ['家里的手机', '前台电脑'].includes(d.name))) {
      const answer = await page.request.patch(`/api/v1/devices/${device.id}`, { data: { state: 'revoked' } });
      assert.equal(answer.status(), 200, await answer.text());
    }
    assert.equal((await stolen.page.request.get('/api/v1/me')).status(), 401);
  } finally {
    await change(page, 'PUT', '/devices/rules', { everyone: 'any', roles: {} });
    await office.close();
    await stolen.close();
  }
});

journey('a forbidden network is refused, and says whom to ask', { as: 'security' }, async ({ page, say, accounts, address }) => {
  const outside = await elsewhere(address);
  try {
    await page.goto('/admin/networks');
    await page.getByRole('button', { name: nameOf(say('networks.add')) }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('networks.name'), { exact: true }).fill('总部办公室');
    await dialog.getByLabel(say('networks.key'), { exact: true }).fill('office');
    await dialog.getByLabel(say('networks.ranges'), { exact: true }).fill('10.0.0.0/8\n2001:db8::/32');
    await dialog.getByRole('button', { name: nameOf(say('ui.save')) }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('table').getByText('10.0.0.0/8').waitFor();
    await page.getByLabel(say('networks.checkIp')).fill('203.0.113.9');
    await page.getByText(say('networks.verdict.allowed')).waitFor();
    await picture(page, 'networks');
    await assertAccessible(page, 'networks');
    await signIn(outside.page, say, accounts.service);
    await change(page, 'PUT', '/networks/rules', { roles: { service: ['office'] }, unknown: 'allow' });

    await outside.page.goto('/customers');
    await outside.page.getByRole('heading', { name: say('devices.refused.network_role') }).waitFor();
    await picture(outside.page, 'refused-network');
    await outside.page.getByRole('button', { name: nameOf(say('devices.signOut')) }).click();
    await outside.page.waitForURL('**/sign-in**');
    await outside.page.getByLabel(say('session.login'), { exact: true }).fill(accounts.service.login);
    await outside.page.getByLabel(say('session.password'), { exact: true }).fill(accounts.service.password);
    await outside.page.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
    await outside.page.getByText(say('problems.network_role')).waitFor();
  } finally {
    await change(page, 'PUT', '/networks/rules', { roles: {}, unknown: 'allow' });
    await page.request.delete('/api/v1/networks/zones/office');
    await outside.close();
  }
});

journey('two custodians open the emergency account, and a banner says so', { as: 'security' }, async ({ page, say, accounts, address }) => {
  const people = (await ask(page, '/people?limit=200')).items;
  const id = (account) => people.find((person) => person.login === account.login).id;
  const custodians = [accounts.sales, accounts.service];
  await change(page, 'PUT', '/break_glass', { custodians: custodians.map(id) });
  const codes = [];
  for (const custodian of custodians) {
    const browser = await openBrowser({ address });
    try {
      await signIn(browser.page, say, custodian);
      await browser.page.goto('/admin/break-glass');
      await browser.page.getByRole('button', { name: nameOf(say('breakGlass.collect')) }).click();
      codes.push((await browser.page.locator('.ant-modal code').innerText()).trim());
    } finally {
      await browser.close();
    }
  }
  const emergency = await openBrowser({ address });
  try {
    await emergency.page.goto('/break-glass');
    for (const code of codes) {
      await emergency.page.getByLabel(say('breakGlass.give'), { exact: true }).fill(code);
      await emergency.page.getByRole('button', { name: nameOf(say('breakGlass.next')) }).click();
      if (code === codes[0]) await emergency.page.getByText('第一个开启码正确').waitFor();
    }
    await emergency.page.waitForURL((url) => url.pathname === '/');
    await page.goto('/');
    await page.getByText(say('breakGlass.banner')).waitFor();
    await page.getByText(say('home.posture')).waitFor();
    await picture(page, 'posture-and-banner');
    await assertAccessible(page, 'home of an administrator');
    await page.goto('/admin/break-glass');
    await page.getByText(say('breakGlass.state.open'), { exact: true }).waitFor();
    await picture(page, 'break-glass');
  } finally {
    await emergency.close();
    await change(page, 'PUT', '/break_glass', { custodians: custodians.map(id) });
  }
});
