/**
 * The attribute `autocomplete`. React's type of it has each combination of words that there can be, and costs the type-check
 * more than four pages do: spread this in its place.
 */
export function autofill(autoComplete: string | undefined): Readonly<Record<string, string | undefined>> {
  return { autoComplete }
}
