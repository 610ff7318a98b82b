// A passkey: made in the browser, used alone to sign in, and as the fresh proof before a factor goes. Chromium's virtual
// authenticator stands for the fingerprint reader.
import assert from 'node:assert/strict';
import { openBrowser, picture } from '../lib/browser.mjs';
import { ask, journey, nameOf, signIn } from '../lib/journey.mjs';

/** Passkeys need a host name: the same server by its name instead of its address. */
const byName = (address) => address.replace('127.0.0.1', 'localhost');

async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  };
}

journey('a passkey is made once and then opens without login and password', {}, async ({ say, accounts, address }) => {
  const { manager } = accounts.others;
  const own = await openBrowser({ address: byName(address) });
  const { page } = own;
  try {
    const device = await authenticator(page);
    await signIn(page, say, manager);
    await page.goto('/account/security');
    await page.getByRole('button', { name: nameOf(say('security-own.addPasskey')) }).click();
    await page.getByRole('button', { name: nameOf(say('security-own.codesKept')) }).click();
    await page.getByText(say('security-own.kind.passkey')).first().waitFor();
    assert.equal((await device.credentials()).length, 1);
    await picture(page, 'passkey-kept');

    // Signed out, the passkey alone opens.
    await page.request.delete('/api/v1/session', { headers: { origin: byName(address) } });
    await page.goto('/sign-in');
    await page.getByRole('button', { name: nameOf(say('security-own.signInPasskey')) }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    const me = await ask(page, '/me');
    assert.deepEqual([me.login, me.strength], [manager.login, 'passkey']);
    const [credential] = await device.credentials();
    assert.ok(credential.signCount >= 2, 'the server saw the counter rise');

    // With the password the passkey is the second factor.
    await page.request.delete('/api/v1/session', { headers: { origin: byName(address) } });
    await page.goto('/sign-in');
    await page.getByLabel(say('session.login'), { exact: true }).fill(manager.login);
    await page.getByLabel(say('session.password'), { exact: true }).fill(manager.password);
    await page.getByRole('button', { name: nameOf(say('session.signIn')) }).click();
    await page.getByRole('heading', { name: say('security-own.secondTitle') }).waitFor();
    await picture(page, 'passkey-second-factor');
    await page.getByRole('button', { name: nameOf(say('security-own.usePasskey')) }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

    // Others use the account: it goes again.
    await page.goto('/account/security');
    await page.getByRole('button', { name: nameOf(say('security-own.remove')) }).first().click();
    await page.locator('.ant-popconfirm').getByRole('button', { name: nameOf(say('security-own.remove')) }).click();
    await page.getByText(say('security-own.none')).waitFor();
    assert.deepEqual(own.complaints, []);
  } catch (error) {
    await picture(page, 'failed-passkey').catch(() => undefined);
    throw error;
  } finally {
    await own.close();
  }
});
