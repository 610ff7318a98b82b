/** Placeholder until this page is written. */
export default function TasksPage() {
  return null;
}
