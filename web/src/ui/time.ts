/** Whether a moment has passed on this computer's clock. */
export function isPast(moment: string): boolean {
  return new Date(moment).getTime() < Date.now();
}
