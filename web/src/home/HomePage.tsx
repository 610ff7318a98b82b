/** Placeholder until this page is written. */
export default function HomePage() {
  return null;
}
