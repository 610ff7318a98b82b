/** Placeholder until this page is written. */
export default function CommunicationsPage() {
  return null;
}
