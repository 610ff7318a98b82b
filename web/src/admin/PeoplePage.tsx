/** Placeholder until this page is written. */
export default function PeoplePage() {
  return null;
}
