import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** One change a guide shows: lines that are in a file of the app, and what takes their place. */
export interface GuideEdit {
  path: string
  before: string
  after: string
}

const GAP = '…'

/**
 * The changes a guide shows, in its order: its `diff` blocks, whose first line names a file. A line `…` stands between
 * two places.
 */
export async function readEdits(file: string): Promise<GuideEdit[]> {
  const text = await readFile(file, 'utf8')
  return [...text.matchAll(/^```diff\n\/\/ (\S+)\n([^]*?)^```$/gm)].flatMap(([, path = '', block = '']) =>
    block.split(`${GAP}\n`).map((place) => {
      const lines = place.trimEnd().split('\n')
      return { path, before: sideOf(lines, '+'), after: sideOf(lines, '-') }
    }),
  )
}

function sideOf(lines: readonly string[], left: string): string {
  return lines
    .filter((line) => !line.startsWith(left))
    .map((line) => line.slice(1))
    .join('\n')
}

/** Makes one change in a text. It throws when what is to be changed is not there, or is there twice. */
export function makeEdit(text: string, { path, before, after }: GuideEdit): string {
  const [head = '', ...tail] = text.split(`${before}\n`)
  if (tail.length !== 1) throw new Error(`${path} has these lines ${tail.length} times:\n${before}`)
  return `${head}${after}\n${tail.join('')}`
}

/** What a guide adds to a stylesheet: its `css` blocks, whose first line names the file and the end of it. */
async function readStyles(file: string): Promise<{ path: string; isFirst: boolean; block: string }[]> {
  const text = await readFile(file, 'utf8')
  const blocks = text.matchAll(/^```css\n\/\* (\S+): (at the very top|at the end).* \*\/\n([^]*?)^```$/gm)
  return [...blocks].map(([, path = '', place, block = '']) => ({
    path,
    isFirst: place === 'at the very top',
    block,
  }))
}

/** The files a guide adds whole: its `ts` and `tsx` blocks after the words “A new file:”, whose first line names one. */
async function readNewFiles(file: string): Promise<{ path: string; text: string }[]> {
  const guide = await readFile(file, 'utf8')
  const blocks = guide.matchAll(/^A new file:\n\n```tsx?\n\/\/ (\S+)\n([^]*?)^```$/gm)
  return [...blocks].map(([, path = '', text = '']) => ({ path, text }))
}

/** Does with an app what a guide shows. */
export async function editByGuide(file: string, directory: string): Promise<void> {
  for (const edit of await readEdits(file)) {
    const path = join(directory, edit.path)
    await writeFile(path, makeEdit(await readFile(path, 'utf8'), edit))
  }
  for (const { path: name, text } of await readNewFiles(file)) {
    const path = join(directory, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
  }
  for (const { path: name, isFirst, block } of await readStyles(file)) {
    const path = join(directory, name)
    const text = await readFile(path, 'utf8')
    await writeFile(path, isFirst ? `${block}\n${text}` : `${text}\n${block}`)
  }
}
