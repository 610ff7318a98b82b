/** Placeholder until this page is written. */
export default function AccountPage() {
  return null;
}
