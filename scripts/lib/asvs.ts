import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NAMED_TEST, namedTestProblems, type ReadTitles } from './named-tests.ts'

/** The levels of OWASP ASVS 5.0.0: one digit for each requirement of a section, in their order. */
const LEVELS: Readonly<Record<string, string>> = {
  1.1: '22',
  1.2: '1111122223',
  1.3: '112222222223',
  1.4: '222',
  1.5: '123',
  2.1: '122',
  2.2: '112',
  2.3: '12223',
  2.4: '23',
  3.1: '3',
  3.2: '113',
  3.3: '12223',
  3.4: '11222233',
  3.5: '11122333',
  3.6: '3',
  3.7: '22333',
  4.1: '12233',
  4.2: '23333',
  4.3: '22',
  4.4: '1222',
  6.1: '122',
  6.2: '111111112222',
  6.3: '11223333',
  6.4: '112233',
  6.5: '22222333',
  6.6: '2223',
  6.7: '33',
  6.8: '2222',
  7.1: '222',
  7.2: '1111',
  7.3: '22',
  7.4: '11222',
  7.5: '223',
  7.6: '22',
  8.1: '1233',
  8.2: '1123',
  8.3: '133',
  8.4: '23',
  9.1: '111',
  9.2: '1222',
  11.1: '2233',
  11.2: '22233',
  11.3: '11233',
  11.4: '1222',
  11.5: '23',
  11.6: '23',
  11.7: '33',
  12.1: '12233',
  12.2: '11',
  12.3: '22223',
  13.1: '2333',
  13.2: '222223',
  13.3: '2233',
  13.4: '1222233',
  14.1: '22',
  14.2: '12223333',
  14.3: '122',
  16.1: '2',
  16.2: '22222',
  16.3: '2222',
  16.4: '222',
  16.5: '2223',
}

// How a row begins that no test shows.
const REASONS = ['Deviation:', '[Deviation]', 'Documented', 'Host:', 'No test:', 'Not here:']
const ROW = /^\| (\d+)\.(\d+)\.(\d+) \| (.+?) \| (\d) \| (.*) \|$/

/** A row of the table: all of it, the three parts of the id, what is asked, the level, what shows it. */
type Row = RegExpExecArray

/**
 * What is wrong with the table of `docs/security/asvs.md`: ids that do not exist, twice, out of order, with another level
 * or missing below level 3; tests that are not there; rows with neither test nor reason.
 */
export function findAsvsProblems(root: string, path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  const lines = text.split('\n').filter((line) => /^\| \d/.test(line))
  const rows = lines.map((line) => ROW.exec(line)).filter((row) => row !== null)
  const unread = lines.filter((line) => !ROW.test(line)).map((line) => `is no row: ${line.slice(0, 60)}`)
  const titles: ReadTitles = new Map()
  const problems = [
    ...unread,
    ...orderProblems(rows),
    ...missingRows(rows),
    ...rows.flatMap((row) => rowProblems(root, path, row, titles)),
  ]
  return problems.map((problem) => `${path}: ${problem}`)
}

function rowProblems(
  root: string,
  path: string,
  [, chapter, section, number, , level, shown = '']: Row,
  titles: ReadTitles,
): string[] {
  const id = `${chapter}.${section}.${number}`
  const expected = LEVELS[`${chapter}.${section}`]?.[Number(number) - 1]
  const named = [...shown.matchAll(NAMED_TEST)]
  const rest = shown.replaceAll(NAMED_TEST, '').replaceAll('<br>', '').trim()
  const problems = named.flatMap(([, file = '', title = '']) => namedTestProblems(root, file, title, titles))
  if (expected === undefined) problems.push('is no requirement of ASVS 5.0')
  else if (expected !== level) problems.push(`has level ${expected} in ASVS 5.0, not ${level}`)
  if (/`[^`]+\.(?:test|spec)\.tsx?`/.test(rest)) problems.push('names a file without the title of a test')
  if (named.length === 0 && !REASONS.some((reason) => rest.startsWith(reason)))
    problems.push(`has neither a test nor a reason (${REASONS.join(' ')})`)
  return [...problems, ...linkProblems(root, path, rest)].map((problem) => `${id} ${problem}`)
}

function linkProblems(root: string, path: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => target)
  return targets
    .filter((target) => !existsSync(join(root, dirname(path), target)))
    .map((target) => `links to ${target}, which is not there`)
}

function orderProblems(rows: readonly Row[]): string[] {
  const ids = rows.map(([, ...parts]) => parts.slice(0, 3).map(Number))
  return ids.slice(1).flatMap((id, index) => {
    const before = ids[index] ?? []
    const at = id.findIndex((part, place) => part !== before[place])
    return at >= 0 && (id[at] ?? 0) > (before[at] ?? 0)
      ? []
      : [`${id.join('.')} stands behind ${before.join('.')}`]
  })
}

function missingRows(rows: readonly Row[]): string[] {
  const known = new Set(rows.map(([, ...parts]) => parts.slice(0, 3).join('.')))
  return Object.entries(LEVELS).flatMap(([section, levels]) =>
    Array.from(levels, (level, index) => ({ level, id: `${section}.${index + 1}` }))
      .filter(({ level, id }) => level !== '3' && !known.has(id))
      .map(({ level, id }) => `${id} of level ${level} is missing`),
  )
}
