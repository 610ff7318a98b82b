import type { ObjectName } from '@/api/types';

/** Where each object's list lives. */
export const LIST_PATH = {
  customer: '/customers',
  contact: '/contacts',
  deal: '/deals',
  communication: '/communications',
  task: '/tasks',
} as const satisfies Record<ObjectName, string>;
