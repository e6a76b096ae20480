declare const brand: unique symbol

/** A `T` that only one `create` or `parse` function can make: two strings of different meaning cannot be swapped. */
export type Brand<T, N extends string> = T & { readonly [brand]: N }
