import { api } from '@/api/client';

/** A question of the server to this browser's passkeys. */
export interface PasskeyChallenge {
  ticket: string;
  options: unknown;
}

export interface PasskeyProof {
  ticket: string;
  credential: unknown;
}

/** Whether this browser and address can have passkeys at all: they need TLS (or localhost) and a host name. */
export function passkeysPossible(): boolean {
  return window.isSecureContext && 'PublicKeyCredential' in window && !/^[\d.]+$|^\[/.test(location.hostname);
}

const publicKey = (options: unknown) => (options as { publicKey: object }).publicKey;

/** Makes a passkey; the browser shows its own dialog. */
export async function makePasskey(challenge: PasskeyChallenge): Promise<PasskeyProof> {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(
    publicKey(challenge.options) as PublicKeyCredentialCreationOptionsJSON,
  );
  const made = await navigator.credentials.create({ publicKey: options });
  return { ticket: challenge.ticket, credential: (made as PublicKeyCredential).toJSON() };
}

/** Asks for a passkey; the browser shows its own dialog. */
export async function answerWithPasskey(challenge: PasskeyChallenge): Promise<PasskeyProof> {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(
    publicKey(challenge.options) as PublicKeyCredentialRequestOptionsJSON,
  );
  const used = await navigator.credentials.get({ publicKey: options });
  return { ticket: challenge.ticket, credential: (used as PublicKeyCredential).toJSON() };
}

/** Asks the server for a question and answers it with a passkey. */
export async function provePasskey(path: string, body?: unknown): Promise<PasskeyProof> {
  return answerWithPasskey(await api.post<PasskeyChallenge>(path, body));
}

/** The person closed the browser's dialog, or let it time out: nothing to complain about. */
export function gaveUp(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}
