/** Placeholder until this page is written. */
export default function AuditPage() {
  return null;
}
