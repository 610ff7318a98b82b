import type { Role } from '@/api/types';

/** Why a set of roles cannot be held by one person, and which roles clash; null when it can. */
export interface DutyConflict {
  kind: 'offices' | 'business';
  roles: Role[];
}

/** Separation of duties: nobody holds two administrations, nor one together with a business role (DESIGN 6). */
export function dutyConflict(chosen: readonly string[], roles: readonly Role[]): DutyConflict | null {
  const held = roles.filter((role) => chosen.includes(role.key));
  const offices = held.filter((role) => role.administration);
  if (offices.length > 1) return { kind: 'offices', roles: offices };
  if (offices.length === 1 && held.length > 1) return { kind: 'business', roles: held };
  return null;
}
