/** What of the address could not be used, and that defaults stand in for it. */
export function AddressProblems({ problems }: { readonly problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <div class="notice" role="alert">
      <p>Some settings of this link could not be used; the defaults stand in for them.</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </div>
  );
}

/** That a computation failed, and why. */
export function Failure({ error }: { readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="notice" role="alert">
      This could not be computed: {error}
    </p>
  );
}
