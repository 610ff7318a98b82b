// What an authenticator application shows (RFC 6238), for accounts whose secret a journey knows.
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const STEP_S = 30;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function bytes(base32) {
  const bits = [...base32.replaceAll(' ', '')].map((c) => BASE32.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
}

/** The code of a step. */
export function codeAt(secret, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', bytes(secret)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/**
 * A code that was not used before: each is good once, and the server takes the neighbours of the present one. Journeys
 * run in several processes; `notes` is the file in which they tell each other what is used.
 */
export async function freshCode(secret, notes) {
  const used = existsSync(notes) ? JSON.parse(readFileSync(notes, 'utf8')) : {};
  const now = () => Math.floor(Date.now() / 1000 / STEP_S);
  const step = Math.max(now() - 1, (used[secret] ?? 0) + 1);
  while (step > now() + 1) await new Promise((resolve) => setTimeout(resolve, 500));
  writeFileSync(notes, JSON.stringify({ ...used, [secret]: step }));
  return codeAt(secret, step);
}
