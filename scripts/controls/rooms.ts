// Paths of source files, by the package they stand in.

export const core = (file: string): string => `packages/core/src/${file}`
export const flows = (file: string): string => `packages/mikro-orm/src/${file}`
export const worker = (file: string): string => `packages/worker/src/${file}`
export const edge = (file: string): string => `packages/remix/src/${file}`
