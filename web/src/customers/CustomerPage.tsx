/** Placeholder until this page is written. */
export default function CustomerPage() {
  return null;
}
