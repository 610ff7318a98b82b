/** Placeholder until this page is written. */
export default function SetupPage() {
  return null;
}
