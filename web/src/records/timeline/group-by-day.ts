import type { TimelineEvent } from '@/api/types';

export interface TimelineDay {
  key: string;
  /** A moment of that day, for its name. */
  at: string;
  events: TimelineEvent[];
}

/** Groups by the day of the reader's clock; the order of events stays as it came. */
export function groupByDay(events: readonly TimelineEvent[]): TimelineDay[] {
  const days: TimelineDay[] = [];
  for (const event of events) {
    const date = new Date(event.at);
    const key = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
    const last = days.at(-1);
    if (last?.key === key) last.events.push(event);
    else days.push({ key, at: event.at, events: [event] });
  }
  return days;
}
