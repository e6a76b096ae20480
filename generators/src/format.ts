import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Options } from 'prettier'
import type * as PrettierModule from 'prettier'

/** Gives a text the host's own style; returns it unchanged where the host has none, or where it does not parse. */
export type Formatter = (path: string, text: string) => Promise<string>

type Prettier = typeof PrettierModule

/** Leaves every text as it is. */
export const noFormatter: Formatter = (_path, text) => Promise.resolve(text)

/**
 * The host's own Prettier with the host's own configuration. Prettier is loaded when first needed: most runs
 * compare hashes only. Each text of a file is formatted once, however often a plan compares it.
 *
 * @param fallback Options for an app that has no configuration on disk yet.
 */
export function createFormatter(root: string, fallback: Options | null): Formatter {
  let prettier: Promise<Prettier> | undefined
  const done = new Map<string, Promise<string>>()
  return (path, text) => {
    const key = `${path}\n${text}`
    const known = done.get(key)
    if (known !== undefined) return known
    prettier ??= loadPrettier(root)
    const formatted = prettier
      .then((loaded) => formatWith(loaded, root, path, text, fallback))
      .catch(() => text)
    done.set(key, formatted)
    return formatted
  }
}

async function formatWith(
  prettier: Prettier,
  root: string,
  path: string,
  text: string,
  fallback: Options | null,
): Promise<string> {
  const file = join(root, path)
  const info = await prettier.getFileInfo(file, {
    ignorePath: join(root, '.prettierignore'),
    resolveConfig: false,
  })
  const options = (await prettier.resolveConfig(file, { editorconfig: true })) ?? fallback
  if (info.ignored || info.inferredParser === null || options === null) return text
  return prettier.format(text, { ...options, endOfLine: 'lf', filepath: file })
}

async function loadPrettier(root: string): Promise<Prettier> {
  const manifest = join(root, 'package.json')
  if (existsSync(manifest)) {
    try {
      const found: Prettier = await import(pathToFileURL(createRequire(manifest).resolve('prettier')).href)
      if (typeof found.format === 'function') return found
    } catch {
      // The host has no Prettier of its own: ours reads its configuration as well.
    }
  }
  return import('prettier')
}
