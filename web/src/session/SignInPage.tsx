/** Placeholder until this page is written. */
export default function SignInPage() {
  return null;
}
