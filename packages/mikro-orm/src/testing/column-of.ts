/** A column that the library gives to a table: `userToken.usedAt`. */
export type ColumnOf<Table extends string, Bundle> = `${Table}.${keyof Bundle & string}`
