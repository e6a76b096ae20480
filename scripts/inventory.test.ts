import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findAllInventoryProblems } from './lib/inventory-problems.ts'

const asvs = 'docs/security/asvs.md'
const inventory = 'docs/security/crypto-inventory.md'
const shares = 'docs/security/who-can-use-up-what.md'
const source = 'packages/core/src/random.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sigra-inventory-'))
  await write(asvs, '')
  await write(inventory, '')
  await write(shares, '')
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** What is wrong in a folder; that most requirements are missing in ours is left out. */
function look(folder = root): string[] {
  return findAllInventoryProblems(folder).filter((problem) => !problem.endsWith(' is missing'))
}

async function complaintsAbout(text: string, path = source): Promise<string[]> {
  await write(path, text)
  return look()
}

describe('the table of what can be used up', () => {
  const table = (named: string) => `| What | Test |\n| --- | --- |\n| A bucket | ${named} |\n`

  it('is complained about where a row names no test', async () => {
    expect(await complaintsAbout(table('none yet'), shares)).toEqual([`${shares}: A bucket names no test`])
  })

  it('is complained about where a row names a file or a title that is not there', async () => {
    await write('a.test.ts', "it('is counted', () => {})\n")
    expect(await complaintsAbout(table('`a.test.ts` › `is counted`'), shares)).toEqual([])
    expect(await complaintsAbout(table('`a.test.ts` › `is not`'), shares)).toEqual([
      `${shares}: A bucket names a test that a.test.ts does not have: is not`,
    ])
    expect(await complaintsAbout(table('`b.test.ts` › `is counted`'), shares)).toEqual([
      `${shares}: A bucket names b.test.ts, which is not there`,
    ])
  })
})

describe('the inventory of cryptography', () => {
  it('finds nothing in this repository that it does not list, and lists nothing that is not there', () => {
    expect(findAllInventoryProblems(dirname(import.meta.dirname))).toEqual([])
  })

  it.each([
    ["import { createHmac } from 'node:crypto'", 'node:crypto createHmac'],
    ["import * as crypto from 'node:crypto'\ncrypto.randomInt(9)", 'node:crypto randomInt'],
    ["const { sign } = await import('node:crypto')", 'node:crypto *'],
    ["export { createHash } from 'crypto'", 'node:crypto *'],
    ['const bytes = crypto.getRandomValues(new Uint8Array(4))', 'global crypto.getRandomValues'],
    ["await globalThis.crypto.subtle.digest('SHA-256', bytes)", 'global crypto.subtle'],
    ['const { subtle } = crypto', 'global crypto.subtle'],
    ['const id = Math.random()', 'global Math.random'],
    ['const { random } = Math', 'global Math.random'],
    ["import bcrypt from 'bcryptjs'", 'bcryptjs *'],
    [
      "import { verifyRegistrationResponse } from '@simplewebauthn/server'",
      '@simplewebauthn/server verifyRegistrationResponse',
    ],
    ["import { seal, type KeyRing } from '@sigra/core'", 'sigra seal'],
    ["import { isEqualConstantTime } from './constant-time.ts'", 'sigra isEqualConstantTime'],
    ['await rows(sql`select md5(${text})`)', 'sql md5'],
    ["const script = 'Math.random()'", 'text Math.random'],
  ])('goes red for a use of cryptography that nobody listed: %s', async (text, use) => {
    const problems = await complaintsAbout(text)
    expect(problems).toContainEqual(expect.stringContaining(`does not list ${use} in ${source}`))
    await write(inventory, `| \`${source}\` | \`${use}\` | a reason |\n`)
    expect(look()).toEqual([])
  })

  it('looks at templates and leaves tests, types and plain words alone', async () => {
    expect(await complaintsAbout('Math.random()', 'generators/template/app/root.tsx')).toHaveLength(1)
    expect(await complaintsAbout('1', 'generators/template/app/root.tsx')).toEqual([])
    expect(await complaintsAbout('Math.random()', 'packages/core/src/random.test.ts')).toEqual([])
    expect(await complaintsAbout("import type { KeyObject } from 'node:crypto'")).toEqual([])
    expect(await complaintsAbout("import { open } from 'node:fs/promises'")).toEqual([])
    expect(await complaintsAbout("const words = 'a random, hashed token'")).toEqual([])
  })

  it('goes red for what it lists and is not there, twice, or without a reason', async () => {
    const row = (uses: string, purpose: string) => `| \`${source}\` | ${uses} | ${purpose} |\n`
    await write(source, "import { randomFillSync } from 'node:crypto'")
    const used = '`node:crypto randomFillSync`'
    await write(inventory, row(`${used}, \`node:crypto sign\``, 'a reason'))
    expect(look()).toEqual([expect.stringContaining('which does not use it')])
    await write(inventory, row(used, ''))
    expect(look()).toEqual([expect.stringContaining('does not say what')])
    await write(inventory, row(used, 'a reason') + row(used, 'a reason'))
    expect(look()).toEqual([expect.stringContaining('two rows')])
  })
})

describe('the table of ASVS', () => {
  const test = 'packages/core/src/random.test.ts'
  const row = (id: string, level: number, shown: string) => `| ${id} | something | ${level} | ${shown} |\n`

  beforeEach(() => write(test, "describe('a group', () => { it.each([1])('takes %s', () => {}) })"))

  it('takes a test that is there, and a reason where there is none', async () => {
    await write(
      asvs,
      row('6.2.1', 1, `\`${test}\` › \`takes %s\``) + row('6.2.2', 1, 'Not here: nobody asks'),
    )
    expect(look()).toEqual([])
  })

  it.each([
    ['a title that is not there', row('6.2.1', 1, `\`${test}\` › \`takes\``), 'names a test that'],
    ['the name of a group', row('6.2.1', 1, `\`${test}\` › \`a group\``), 'names a test that'],
    [
      'a file that is not there',
      row('6.2.1', 1, '`packages/gone.test.ts` › `takes %s`'),
      'which is not there',
    ],
    ['a file without a title', row('6.2.1', 1, `Not here: see \`${test}\``), 'without the title'],
    ['neither test nor reason', row('6.2.1', 1, 'of course'), 'neither a test nor a reason'],
    ['a link to nothing', row('6.2.1', 1, 'Documented in [x](gone.md)'), 'links to gone.md'],
    ['an id that does not exist', row('6.2.99', 1, 'Host: x'), 'no requirement'],
    ['another level', row('6.2.1', 2, 'Host: x'), 'has level 1'],
    ['an id twice', row('6.2.1', 1, 'Host: x').repeat(2), '6.2.1 stands behind 6.2.1'],
    [
      'ids out of order',
      row('6.10.1', 1, 'Host: x') + row('6.2.1', 1, 'Host: x'),
      '6.2.1 stands behind 6.10.1',
    ],
    ['a row of another shape', '| 6.2.1 | something | Host: x |\n', 'is no row'],
  ])('goes red for %s', async (_, text, complaint) => {
    await write(asvs, text)
    expect(look()).toContainEqual(expect.stringContaining(complaint))
  })

  it('goes red for a requirement of level 1 or 2 without a row', () => {
    const problems = findAllInventoryProblems(root).join('\n')
    expect(problems).toContain('6.3.3 of level 2 is missing')
    expect(problems).not.toContain('6.3.6 of')
  })
})

describe('node scripts/inventory.ts', () => {
  it('prints what is wrong, and fails', () => {
    const script = join(import.meta.dirname, 'inventory.ts')
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('6.3.3 of level 2 is missing'),
    })
  })
})
