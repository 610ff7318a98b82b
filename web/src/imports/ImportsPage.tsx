/** Placeholder until this page is written. */
export default function ImportsPage() {
  return null;
}
