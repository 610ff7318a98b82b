import { deviceKey, proofFor } from '@/app/device';
import type { ProblemBody } from './problem';

/** Keys of problems that close the whole application to this session; the shell shows why. */
const REFUSALS = [
  'network_role', 'network_unknown', 'network_country', 'must_give_factor', 'must_use_device', 'device_pending', 'device_not_company',
] as const;

export type Refusal = (typeof REFUSALS)[number];

export function isRefusal(key: string | null | undefined): key is Refusal {
  return REFUSALS.some((refusal) => refusal === key);
}

/** The header with which a request is asked again, when the server wants this device's proof and the browser has its key. */
export async function deviceProof(refused: Response, method: string, address: string): Promise<string | undefined> {
  const problem = (await refused.json().catch(() => undefined)) as Partial<ProblemBody> | undefined;
  if (problem?.key !== 'device_proof_needed') return undefined;
  const { nonce, ath, at } = problem.params ?? {};
  const key = await deviceKey();
  if (!key || typeof nonce !== 'string' || typeof ath !== 'string' || typeof at !== 'number') return undefined;
  return proofFor(key, method, address.split('?')[0] ?? address, { nonce, ath, at });
}
