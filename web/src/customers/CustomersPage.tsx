/** Placeholder until this page is written. */
export default function CustomersPage() {
  return null;
}
