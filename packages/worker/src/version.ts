import manifest from '../package.json' with { type: 'json' }

/** Of this package. All Sigra packages are released together, at one version. */
export const version: string = manifest.version
