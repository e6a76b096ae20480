import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './workspace.ts'

/** A block of TypeScript in a README. */
export interface Example {
  /** The folder of an app that its imports are seen from: that of the file its first line names, or the app's root. */
  folder: string
  text: string
}

/** The blocks of TypeScript in the README of a package. */
export function readExamples(folder: string): Example[] {
  const readme = readFileSync(join(root, folder, 'README.md'), 'utf8')
  return [...readme.matchAll(/^```tsx?\n([^]*?)^```$/gm)].map(([, text = '']) => {
    const [, path = ''] = /^\/\/ (\S+\.tsx?)$/m.exec(text.split('\n')[0] ?? '') ?? []
    return { folder: dirname(path), text }
  })
}
