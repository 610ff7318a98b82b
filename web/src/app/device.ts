/**
 * This browser's own key: ECDSA on P-256, made by WebCrypto, not exportable, kept in IndexedDB. Whoever copies the session's
 * cookie does not get it. Proofs are DPoP (RFC 9449): one signed word for one request.
 */
const DATABASE = 'shouxin';
const STORE = 'device';
const KEY = 'key';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** What the server sends along when it wants a proof. */
export interface Challenge {
  nonce: string;
  /** Hash of the session's token, which the browser's scripts cannot read. */
  ath: string;
  /** The server's time, in seconds: clocks of computers are wrong. */
  at: number;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
  });
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
    });
  } finally {
    database.close();
  }
}

/** The key of this browser, if it has one. Browsers without WebCrypto or storage (some private windows) have none. */
export async function deviceKey(): Promise<CryptoKeyPair | undefined> {
  if (!('indexedDB' in window) || !window.isSecureContext) return undefined;
  return inStore<CryptoKeyPair | undefined>('readonly', (store) => store.get(KEY)).catch(() => undefined);
}

/** Makes this browser's key, or gives the one it has. */
export async function makeDeviceKey(): Promise<CryptoKeyPair> {
  const known = await deviceKey();
  if (known) return known;
  const key = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  await inStore('readwrite', (store) => store.put(key, KEY));
  return key;
}

/** Forgets this browser's key: what was enrolled with it is another device from then on. */
export async function forgetDeviceKey(): Promise<void> {
  await inStore('readwrite', (store) => store.delete(KEY));
}

function base64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const encodeJson = (value: unknown) => base64url(new TextEncoder().encode(JSON.stringify(value)));

/** A proof for one request. `address` is its path, without the query. */
export async function proofFor(key: CryptoKeyPair, method: string, address: string, challenge: Challenge): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key.publicKey);
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } };
  const claims = {
    jti: base64url(crypto.getRandomValues(new Uint8Array(24))),
    htm: method,
    htu: `${window.location.origin}${address}`,
    iat: challenge.at,
    nonce: challenge.nonce,
    ath: challenge.ath,
  };
  const signed = `${encodeJson(header)}.${encodeJson(claims)}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, new TextEncoder().encode(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
}

/** This browser in short words, to be recognised in a list: `Chrome, Windows`. */
export function platformWords(agent: string = navigator.userAgent): string {
  const find = (known: [mark: string, name: string][]) => known.find(([mark]) => agent.includes(mark))?.[1];
  const browser = find([
    ['MicroMessenger/', 'WeChat'], ['DingTalk/', 'DingTalk'], ['Lark/', 'Feishu'], ['Edg/', 'Edge'], ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari'],
  ]);
  const system = find([
    ['Windows', 'Windows'], ['Android', 'Android'], ['iPhone', 'iOS'], ['iPad', 'iPadOS'], ['Mac OS X', 'macOS'], ['Linux', 'Linux'],
  ]);
  return [browser, system].filter(Boolean).join(', ') || 'browser';
}
