// A second factor: set up, asked for at sign-in, replaced by a recovery code, removed after a fresh proof.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, enrolTotp, journey, nameOf, signIn } from '../lib/journey.mjs';

journey('a person adds an authenticator and is asked for it at the next sign-in', {}, async ({ page, say, accounts, address }) => {
  const { service } = accounts.others;
  await signIn(page, say, service);
  await page.goto('/account/security');
  await page.getByText(say('security-own.none')).waitFor();
  await page.getByRole('button', { name: nameOf(say('security-own.addTotp')) }).click();
  const { secret, codes, kept } = await enrolTotp(page, say, service.notes);
  await picture(page, 'recovery-codes');
  await kept.click();
  await page.getByText(say('security-own.codesLeft', { count: 10 })).waitFor();
  await assertAccessible(page, 'my security');
  await picture(page, 'my-security');

  const phone = await openBrowser({ address, width: 390, height: 844 });
  try {
    await phone.page.goto('/sign-in');
    await phone.page.getByLabel(say('session.login'), { exact: true }).fill(service.login);
    await phone.page.getByLabel(say('session.password'), { exact: true }).fill(service.password);
    await phone.page.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
    const code = phone.page.getByLabel(say('security-own.code'), { exact: true });
    await code.fill('000000');
    await picture(phone.page, 'second-factor-phone');
    await assertAccessible(phone.page, 'second factor');
    await phone.page.getByRole('button', { name: nameOf(say('security-own.verify')) }).click();
    await phone.page.getByText(say('security-own.wrongCode')).waitFor();
    await phone.page.getByRole('button', { name: nameOf(say('security-own.useRecovery')) }).click();
    await phone.page.getByLabel(say('security-own.recoveryCode'), { exact: true }).fill(codes[0]);
    await phone.page.getByRole('button', { name: nameOf(say('security-own.verify')) }).click();
    await phone.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    assert.equal((await ask(phone.page, '/me')).strength, 'second_factor');
  } finally {
    await phone.close();
  }

  const again = await openBrowser({ address });
  try {
    await signIn(again.page, say, { ...service, totp_secret: secret });
    // What was set up for this journey goes again: others use the account.
    await again.page.goto('/account/security');
    await again.page.getByText(say('security-own.codesLeft', { count: 9 })).waitFor();
    await again.page.getByRole('button', { name: nameOf(say('security-own.remove')) }).first().click();
    await again.page.locator('.ant-popconfirm').getByRole('button', { name: nameOf(say('security-own.remove')) }).click();
    await again.page.getByText(say('security-own.none')).waitFor();
  } finally {
    await again.close();
  }
  // That ended the session in which it was set up.
  assert.equal((await page.request.get('/api/v1/me')).status(), 401);
});
