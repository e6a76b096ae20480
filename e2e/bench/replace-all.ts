/** Each text by another, all of which must be there. */
export function replaceAll(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new RangeError(`the page does not say: ${from}`)
    return changed.replace(from, to)
  }, text)
}
