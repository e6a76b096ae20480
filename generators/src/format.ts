import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { pathToFileURL } from 'node:url'
import type { Options } from 'prettier'
import type * as PrettierModule from 'prettier'

/** Gives a text the host's own style; returns it unchanged where the host has none, or where it does not parse. */
export type Formatter = (path: string, text: string) => Promise<string>

type Prettier = typeof PrettierModule

/** What is known to be in a style already: there is nothing to do where the host has the same. */
export interface Shipped {
  style: Options
  texts: ReadonlySet<string>
}

/** Leaves every text as it is. */
export const noFormatter: Formatter = (_path, text) => Promise.resolve(text)

/** What each Prettier of this process made of a text: plans that follow each other compare the same ones. */
const laidOut = new WeakMap<Prettier, Map<string, Promise<string>>>()

/**
 * The host's own Prettier with the host's own configuration. Prettier is loaded when first needed: most runs
 * compare hashes only. Each text of a file is formatted once, however often a plan compares it.
 *
 * @param fallback Options for an app that has no configuration on disk yet.
 * @param shipped Texts that need no formatting in one style.
 */
export function createFormatter(
  root: string,
  fallback: Options | null,
  shipped: Shipped | null = null,
): Formatter {
  let prettier: Promise<Prettier> | undefined
  const done = new Map<string, Promise<string>>()
  return (path, text) => {
    const key = `${path}\n${text}`
    const known = done.get(key)
    if (known !== undefined) return known
    prettier ??= loadPrettier(root)
    const formatted = prettier
      .then((loaded) => formatWith(loaded, join(root, path), text, { root, fallback, shipped }))
      .catch(() => text)
    done.set(key, formatted)
    return formatted
  }
}

interface Circumstances {
  root: string
  fallback: Options | null
  shipped: Shipped | null
}

async function formatWith(
  prettier: Prettier,
  file: string,
  text: string,
  { root, fallback, shipped }: Circumstances,
): Promise<string> {
  const options = (await prettier.resolveConfig(file, { editorconfig: true })) ?? fallback
  if (options === null) return text
  if (shipped?.texts.has(text) && isDeepStrictEqual(options, shipped.style)) return text
  const info = await prettier.getFileInfo(file, {
    ignorePath: join(root, '.prettierignore'),
    resolveConfig: false,
  })
  if (info.ignored || info.inferredParser === null) return text
  const wanted: Options = { ...options, endOfLine: 'lf' }
  const layOut = () => prettier.format(text, { ...wanted, filepath: file })
  if (options.plugins !== undefined) return layOut() // it may look at more than the text
  const done = laidOut.get(prettier) ?? new Map<string, Promise<string>>()
  laidOut.set(prettier, done)
  const key = JSON.stringify([basename(file), info.inferredParser, wanted, text])
  const known = done.get(key) ?? layOut()
  done.set(key, known)
  return known
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
