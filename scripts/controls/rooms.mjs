// Paths of source files, by the package they stand in.

export const core = (file) => `packages/core/src/${file}`
export const flows = (file) => `packages/mikro-orm/src/${file}`
export const worker = (file) => `packages/worker/src/${file}`
export const edge = (file) => `packages/remix/src/${file}`
