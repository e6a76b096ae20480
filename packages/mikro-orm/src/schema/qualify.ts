/** The quoted name of an object beside a table, or of the table itself: `app.users` is one of the schema `app`. */
export function qualify(table: string, suffix = ''): string {
  const parts = table.split('.')
  const name = `${parts.pop() ?? ''}${suffix}`
  return [...(parts.length > 0 ? parts : ['public']), name]
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
}
