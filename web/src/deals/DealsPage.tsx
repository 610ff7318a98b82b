/** Placeholder until this page is written. */
export default function DealsPage() {
  return null;
}
