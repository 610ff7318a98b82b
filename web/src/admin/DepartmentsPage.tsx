/** Placeholder until this page is written. */
export default function DepartmentsPage() {
  return null;
}
