/** A piece of SQL with its parameters. Pieces nest; whatever else is put into a template becomes a parameter. */
export interface Sql {
  readonly [pieces]: readonly Piece[]
}

export interface CompiledSql {
  text: string
  values: unknown[]
}

type Piece = string | { readonly value: unknown }

// Registered by name: the library can be loaded twice in one process, and a piece must be known to both.
const pieces: unique symbol = Symbol.for('@sigra/mikro-orm/sql')

/** Writes SQL. `${value}` is sent beside the text, never inside it; `${sql`…`}` and names become part of the text. */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Sql {
  const parts: Piece[] = []
  for (const [index, text] of strings.entries()) {
    parts.push(text)
    if (index < values.length) parts.push(...piecesOf(values[index]))
  }
  return { [pieces]: parts }
}

/** A table or column name, quoted; `schema.table` is two names when given as two arguments. */
export function identifier(...names: readonly string[]): Sql {
  return { [pieces]: [names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')] }
}

/** Several pieces with a piece between them: `join(rows, sql`, `)`. */
export function join(items: readonly Sql[], separator: Sql): Sql {
  return { [pieces]: items.flatMap((item, index) => (index === 0 ? item : joined(separator, item))[pieces]) }
}

/** An instant as milliseconds since 1970, whatever date style the database has: `new Date(row.createdAt)`. */
export function milliseconds(instant: Sql): Sql {
  return sql`(extract(epoch from ${instant}) * 1000)::float8`
}

/** The text with `$1 … $n` and the values that go with it. */
export function compile(query: Sql): CompiledSql {
  const values: unknown[] = []
  const text = query[pieces].map((piece) =>
    typeof piece === 'string' ? piece : `$${values.push(piece.value)}`,
  )
  return { text: text.join(''), values }
}

function joined(first: Sql, second: Sql): Sql {
  return { [pieces]: [...first[pieces], ...second[pieces]] }
}

function piecesOf(value: unknown): readonly Piece[] {
  return isSql(value) ? value[pieces] : [{ value }]
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && pieces in value
}

/** An instant as ISO 8601 writes it, whatever date style the database has. */
export function iso(instant: Sql): Sql {
  return sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
