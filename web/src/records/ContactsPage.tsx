/** Placeholder until this page is written. */
export default function ContactsPage() {
  return null;
}
