import { readFileSync } from 'node:fs'
import { readManifest } from './package-json.ts'

/** Version of this package, and so of its templates. */
export const generatorVersion = readVersion()

function readVersion(): string {
  const manifest = readManifest(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return String(manifest['version'])
}
