import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const GAP = '…'

/**
 * The changes a guide shows: its `diff` blocks, whose first line names a file. A line `…` stands between two places.
 *
 * @returns {Promise<{ path: string, before: string, after: string }[]>} in the order of the guide
 */
export async function readEdits(file) {
  const text = await readFile(file, 'utf8')
  return [...text.matchAll(/^```diff\n\/\/ (\S+)\n([^]*?)^```$/gm)].flatMap(([, path, block]) =>
    block.split(`${GAP}\n`).map((place) => {
      const lines = place.trimEnd().split('\n')
      const side = (left) => lines.filter((line) => !line.startsWith(left)).map((line) => line.slice(1))
      return { path, before: side('+').join('\n'), after: side('-').join('\n') }
    }),
  )
}

/** Makes one change in a text. @throws when what is to be changed is not there, or is there twice */
export function makeEdit(text, { path, before, after }) {
  const [head, ...tail] = text.split(`${before}\n`)
  if (tail.length !== 1) throw new Error(`${path} has ${tail.length} times:\n${before}`)
  return `${head}${after}\n${tail[0]}`
}

/** Does with an app what a guide shows. */
export async function editByGuide(file, directory) {
  for (const edit of await readEdits(file)) {
    const path = join(directory, edit.path)
    await writeFile(path, makeEdit(await readFile(path, 'utf8'), edit))
  }
}
