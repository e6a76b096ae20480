/**
 * A page of rows of which one more was asked for than it has: whether there is another costs no statement.
 *
 * @returns `next` is the id of its last row, for the page after; `null` where this is the last.
 */
export function cutPage<Row extends { id: string }>(
  rows: readonly Row[],
  size: number,
): { page: readonly Row[]; next: string | null } {
  const page = rows.slice(0, size)
  return { page, next: rows.length > size ? (page.at(-1)?.id ?? null) : null }
}
