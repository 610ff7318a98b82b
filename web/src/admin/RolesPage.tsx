/** Placeholder until this page is written. */
export default function RolesPage() {
  return null;
}
