// The first start: from the printed address to a working company.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after } from 'node:test';
import { assertAccessible } from '../lib/accessible.mjs';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, enrolTotp, journey, nameOf } from '../lib/journey.mjs';
import { setupAddress, startServer } from '../lib/server.mjs';

let server;
const fresh = async () => (server ??= await startServer('serve'));
after(async () => server?.stop());

const ADMIN = { name: '林岚', login: 'lin.lan', password: '七只白鹭掠过-Delta-41' };
const EVERYDAY = { name: '林岚', login: 'lan', password: '纸船与蓝色灯塔-Echo-82' };

journey('a founder sets the company up, keeps the recovery kit and goes to work', { server: fresh }, async ({ page, say, address }) => {
  await page.goto(await setupAddress(server));
  await page.getByRole('heading', { name: say('setup.language.title') }).waitFor();
  await assertAccessible(page, 'set-up: language');
  const next = page.getByRole('button', { name: nameOf(say('setup.next')) });
  await next.click();

  await page.getByLabel(say('setup.company.name'), { exact: true }).fill('云岭测试有限公司');
  assert.notEqual(await page.getByLabel(say('setup.company.code'), { exact: true }).inputValue(), '', 'the address brought the code');
  await next.click();

  const account = async ({ name, login, password }) => {
    await page.getByLabel(say('setup.account.name'), { exact: true }).fill(name);
    await page.getByLabel(say('setup.account.login'), { exact: true }).fill(login);
    await page.getByLabel(say('setup.account.password'), { exact: true }).fill(password);
    await page.getByLabel(say('session.repeatPassword'), { exact: true }).fill(password);
  };

  // A weak password is not taken.
  await account({ ...ADMIN, password: 'password1234' });
  await next.click();
  await page.getByText(say('session.problem.other')).first().waitFor();
  await account(ADMIN);
  await assertAccessible(page, 'set-up: administrator');
  await next.click();

  await page.getByRole('heading', { name: say('setup.everyday.title') }).waitFor();
  await page.getByRole('checkbox', { name: say('setup.everyday.want') }).check();
  await account(EVERYDAY);
  await page.getByRole('button', { name: nameOf(say('setup.everyday.submit')) }).click();

  await page.getByRole('heading', { name: say('setup.kit.title') }).waitFor({ timeout: 60_000 });
  await picture(page, 'recovery-kit');
  await assertAccessible(page, 'recovery kit');
  const sheet = page.getByRole('region', { name: say('setup.kit.fileTitle') });
  const groups = (await sheet.locator('p[aria-label] > span').allInnerTexts()).map((group) => group.trim());
  assert.ok(groups.length > 4, 'the code comes in groups');
  const security = await sheet.getByRole('listitem').filter({ hasText: say('setup.role.security') }).innerText();
  const initial = security.split(/\s+/).at(-1);

  const enter = page.getByRole('button', { name: say('setup.kit.enter', { login: EVERYDAY.login }) });
  assert.equal(await enter.isDisabled(), true, 'nobody goes on without the kit');
  await page.getByLabel(say('setup.kit.prove')).fill(groups.at(-1));
  await enter.click();
  await page.getByRole('navigation', { name: say('app.menu.label') }).waitFor();
  assert.deepEqual((await ask(page, '/me')).roles, ['manager']);
  await page.goto('/customers');
  await page.getByText(say('records.list.empty', { objects: '客户' })).waitFor();
  await assertAccessible(page, 'no customers yet');

  // The security administrator has an initial password and must replace it.
  const second = await openBrowser({ address });
  try {
    await second.page.goto('/sign-in');
    await second.page.getByLabel(say('session.login'), { exact: true }).fill('security');
    await second.page.getByLabel(say('session.password'), { exact: true }).fill(initial);
    await second.page.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
    await second.page.getByRole('heading', { name: say('session.firstTitle') }).waitFor();
    await assertAccessible(second.page, 'first password');
  } finally {
    await second.close();
  }
});

journey('set-up cannot be run a second time', { server: fresh }, async ({ page, say }) => {
  await page.goto(await setupAddress(server));
  await page.getByText(say('setup.done.title')).waitFor();
  await page.getByRole('button', { name: say('setup.done.signIn') }).click();
  await page.getByLabel(say('session.login'), { exact: true }).fill(ADMIN.login);
  await page.getByLabel(say('session.password'), { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
  // Administrators need a second factor: the first sign-in leads there.
  await page.getByRole('heading', { name: say('security-own.mustTitle') }).waitFor();
  await assertAccessible(page, 'enrolment of a factor');
  const { codes, kept } = await enrolTotp(page, say, join(server.data, 'used-codes.json'));
  assert.equal(codes.length, 10);
  await kept.click();
  await page.getByRole('navigation', { name: say('app.menu.label') }).waitFor();
  assert.deepEqual((await ask(page, '/me')).roles, ['system']);
  // The system administrator sees no customer by virtue of the office.
  const answer = await page.request.get('/api/v1/records/customer');
  assert.equal(answer.status(), 403);
});
