import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTestTitles } from './test-titles.mjs'

/** How a table names a test: file › title. */
export const NAMED_TEST = /`([^`]+\.(?:test|spec)\.tsx?)` › `([^`]+)`/g

/**
 * Rows of a table whose last column names no test, or one that is not there.
 *
 * @returns {string[]}
 */
export function findRowsWithoutTest(root, path) {
  const rows = readFileSync(join(root, path), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
  const titles = new Map()
  return rows.flatMap((row) => {
    const named = [...row.matchAll(NAMED_TEST)]
    const problems =
      named.length === 0
        ? ['names no test']
        : named.flatMap(([, file, title]) => namedTestProblems(root, file, title, titles))
    return problems.map((problem) => `${path}: ${row.split(' | ')[0].slice(2)} ${problem}`)
  })
}

/**
 * What is wrong with a test that is named.
 *
 * @param titles What was read of each file so far.
 * @returns {string[]}
 */
export function namedTestProblems(root, file, title, titles) {
  if (!existsSync(join(root, file))) return [`names ${file}, which is not there`]
  if (!titles.has(file)) titles.set(file, readTestTitles(join(root, file)))
  return titles.get(file).has(title) ? [] : [`names a test that ${file} does not have: ${title}`]
}
