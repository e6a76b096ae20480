import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTestTitles } from './test-titles.ts'

/** The titles of each file that was read. */
export type ReadTitles = Map<string, Set<string>>

/** How a table names a test: file › title. */
export const NAMED_TEST = /`([^`]+\.(?:test|spec)\.tsx?)` › `([^`]+)`/g

/**
 * Rows of a table whose last column names no test, or one that is not there.
 */
export function findRowsWithoutTest(root: string, path: string): string[] {
  const rows = readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
  const titles: ReadTitles = new Map()
  return rows.flatMap((row) => {
    const named = [...row.matchAll(NAMED_TEST)]
    const problems =
      named.length === 0
        ? ['names no test']
        : named.flatMap(([, file = '', title = '']) => namedTestProblems(root, file, title, titles))
    return problems.map((problem) => `${path}: ${row.split(' | ')[0]?.slice(2)} ${problem}`)
  })
}

/**
 * What is wrong with a test that is named.
 *
 * @param read What was read so far.
 */
export function namedTestProblems(root: string, file: string, title: string, read: ReadTitles): string[] {
  if (!existsSync(join(root, file))) return [`names ${file}, which is not there`]
  const titles = read.get(file) ?? readTestTitles(join(root, file))
  read.set(file, titles)
  return titles.has(title) ? [] : [`names a test that ${file} does not have: ${title}`]
}
