import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Packages an app lists and does not have, whatever its package manager said: `omit=dev` in a file of the user's leaves
 * the half out and is a success all the same.
 */
export async function findMissingPackages(root: string): Promise<string[]> {
  if (existsSync(join(root, '.pnp.cjs'))) return [] // Plug'n'Play has no folders to look into
  const manifest: unknown = JSON.parse(new TextDecoder().decode(await readFile(join(root, 'package.json'))))
  const names = ['dependencies', 'devDependencies'].flatMap((section) => keysOf(manifest, section))
  return names.filter((name) => !existsSync(join(root, 'node_modules', name, 'package.json')))
}

function keysOf(manifest: unknown, section: string): string[] {
  const list: unknown = Object.entries(
    typeof manifest === 'object' && manifest !== null ? manifest : {},
  ).find(([key]) => key === section)?.[1]
  return typeof list === 'object' && list !== null ? Object.keys(list) : []
}
