/** Placeholder until this page is written. */
export default function ImportPage() {
  return null;
}
