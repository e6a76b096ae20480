import { ConfigInvalid } from './errors.ts'

/** A package of ours, as it was loaded. */
export interface LoadedPackage {
  name: string
  version: string
}

/**
 * Packages are released together and were never tested in any other mixture.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first package whose version is not `own`'s, and both versions.
 */
export function requireOneVersion(own: LoadedPackage, others: readonly LoadedPackage[]): void {
  const other = others.find(({ version }) => version !== own.version)
  if (other === undefined) return
  throw new ConfigInvalid(
    `${own.name} is at version ${own.version}, but ${other.name} at ${other.version}: ` +
      'install all @sigra packages at one version (npm ls @sigra/core shows who brings which)',
  )
}
