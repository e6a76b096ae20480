const TABLE = /^alter table ((?:"[^"]+"\.)?"[^"]+") (.*?);?$/isu
const MADE_REQUIRED = /alter column "([^"]+)" set not null/giu
const ADDED = /add (?:column )?"([^"]+)" ((?:[^,(]|\([^)]*\))*)/giu

/**
 * Columns that a migration demands a value of in rows that are there already, as `users.nick`: those that become
 * `not null`, and new ones that are it without a default. With rows in the table PostgreSQL refuses either.
 */
export function findDemands(statements: readonly string[]): string[] {
  return statements.flatMap((statement) => {
    const [, table, change] = TABLE.exec(statement.trim()) ?? []
    if (table === undefined || change === undefined) return []
    const required = [...change.matchAll(MADE_REQUIRED)].map(([, column]) => column)
    const added = [...change.matchAll(ADDED)]
      .filter(([, , type]) => isDemanding(type ?? ''))
      .map(([, column]) => column)
    return [...required, ...added].map((column) => `${table.replaceAll('"', '')}.${column}`)
  })
}

function isDemanding(type: string): boolean {
  return /\bnot null\b/iu.test(type) && !/\b(?:default|generated|serial|bigserial)\b/iu.test(type)
}
