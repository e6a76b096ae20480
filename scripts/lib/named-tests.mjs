import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTestTitles } from './test-titles.mjs'

const NAMED = /`([^`]+\.(?:test|spec)\.tsx?)` › `([^`]+)`/g

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
    const named = [...row.matchAll(NAMED)]
    const problems =
      named.length === 0 ? ['names no test'] : named.flatMap(([, ...test]) => missing(root, test, titles))
    return problems.map((problem) => `${path}: ${row.split(' | ')[0].slice(2)} ${problem}`)
  })
}

function missing(root, [file, title], titles) {
  if (!existsSync(join(root, file))) return [`names ${file}, which is not there`]
  if (!titles.has(file)) titles.set(file, readTestTitles(join(root, file)))
  return titles.get(file).has(title) ? [] : [`names a test that ${file} does not have: ${title}`]
}
