import { describe, expect, it, vi } from 'vitest';
import { platformWords, proofFor } from './device';

const decode = (part: string | undefined) => Buffer.from(part ?? '', 'base64url');

describe('proofFor', () => {
  it('signs one word for one request, without the private half', async () => {
    vi.stubGlobal('window', { location: { origin: 'https://crm.example' } });
    const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const proof = await proofFor(key, 'POST', '/api/v1/me/devices', { nonce: 'n', ath: 'a', at: 7 });
    const [header, claims, signature] = proof.split('.');
    const { typ, alg, jwk } = JSON.parse(decode(header).toString()) as { typ: string; alg: string; jwk: object };
    expect({ typ, alg, members: Object.keys(jwk) }).toEqual({ typ: 'dpop+jwt', alg: 'ES256', members: ['kty', 'crv', 'x', 'y'] });
    expect(JSON.parse(decode(claims).toString())).toMatchObject({
      htm: 'POST', htu: 'https://crm.example/api/v1/me/devices', nonce: 'n', ath: 'a', iat: 7,
    });
    const signed = new TextEncoder().encode(`${header}.${claims}`);
    const right = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key.publicKey, decode(signature), signed);
    expect(right).toBe(true);
    vi.unstubAllGlobals();
  });
});

describe('platformWords', () => {
  it('names browser and system', () => {
    expect(platformWords('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0')).toBe('Edge, Windows');
    expect(platformWords('curl/8')).toBe('browser');
  });
});
