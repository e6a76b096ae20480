import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseLock } from '../parse-lock.ts'
import { parseIntent } from '../parse-intent.ts'
import { isInnerPath } from '../inner-path.ts'
import { formatIntent } from '../intent-file.ts'
import { planUndo } from '../undo/undo-last.ts'
import { readMerge } from '../undo/merge-record.ts'
import { planSmall } from '../testing-only/plan-small.ts'
import { createFolder, smallState, writeTexts } from '../testing-only/small-app.ts'
import { applyPlan, resumeApply } from './apply-plan.ts'
import { fingerprint } from './journal.ts'

const outsidePaths = [
  '../outside.txt',
  'app/../../outside.txt',
  '/etc/outside.txt',
  'C:/outside.txt',
  'C:outside.txt',
  '\\\\host\\share',
  '..\\outside.txt',
  'app\0.txt',
  './app.txt',
  'app//x.txt',
  '',
  'app/.. /x.txt',
  '.git/hooks/post-checkout',
  'app/.GIT/config',
  '.git. ./config',
  '.git::$INDEX_ALLOCATION/config',
  '.g\u200cit/config',
  'GIT~1/config',
  'Node_Modules/left-pad/index.js',
]

const mine = 'mine\n'

/** An app beside a folder that is none of its business. */
async function createApp(): Promise<{ root: string; outside: string }> {
  const folder = await createFolder()
  const root = join(folder, 'app')
  await applyPlan(await planSmall(root, null, smallState()))
  await writeTexts(folder, { 'elsewhere/secret.txt': mine })
  return { root, outside: join(folder, 'elsewhere/secret.txt') }
}

async function writeJournal(root: string, steps: readonly object[]): Promise<void> {
  await writeTexts(root, { '.sigra/apply/journal.json': JSON.stringify({ steps }) })
}

const step = (path: string, more: object = {}) => ({ path, before: null, after: fingerprint(mine), ...more })

describe('a path that a file of ours holds', () => {
  it.each(outsidePaths)('is no path inside the app when it is %j', (path) => {
    expect(isInnerPath(path)).toBe(false)
  })

  it.each([
    'a',
    'app/root.tsx',
    '.sigra/undo.json',
    '(dev)/[app]/C#.ts',
    'a..b/..c',
    '-x',
    ':x',
    '.gitignore',
    '.github/ci.yml',
    'app/git',
  ])('may be %j', (path) => {
    expect(isInnerPath(path)).toBe(true)
  })

  it.each(outsidePaths)('leads a journal nowhere when it is %j', async (path) => {
    const { root } = await createApp()
    await writeTexts(root, { '.sigra/apply/0': mine })
    await writeJournal(root, [step(path)])
    await expect(resumeApply(root)).rejects.toMatchObject({ exitCode: 4, message: /leads out/u })
    expect(await readFile(join(root, '.sigra/apply/0'), 'utf8')).toBe(mine)
  })

  it.each(outsidePaths)('leads an undo, a merge and a lock file nowhere when it is %j', async (path) => {
    const { root } = await createApp()
    const lock = JSON.parse(await readFile(join(root, 'sigra.lock.json'), 'utf8'))
    for (const key of ['files', 'migrations', 'detached']) {
      const damaged = { ...lock, [key]: { ...lock[key], [path]: 'sha256:x y' } }
      expect(() => parseLock(JSON.stringify(damaged))).toThrow(/leads out/u)
    }
    await writeTexts(root, { '.sigra/undo.json': JSON.stringify({ entries: [step(path)] }) })
    await expect(planUndo(root)).rejects.toMatchObject({ exitCode: 4, message: /leads out/u })
    const entries = { path: 'app/root.tsx', former: [], stages: [] }
    for (const record of [
      { paths: [path], index: [], migration: null },
      { paths: [], index: [{ ...entries, path }], migration: null },
    ]) {
      await writeTexts(root, { '.sigra/merge.json': JSON.stringify(record) })
      await expect(readMerge(root)).rejects.toMatchObject({ exitCode: 4, message: /leads out/u })
    }
  })

  it.each(['../x', '/x', 'x/../../y', 'x y'])('names no page, and nothing else, when it is %j', (name) => {
    const said = JSON.parse(formatIntent(smallState()))
    const parse = (more: object) => () => parseIntent(JSON.stringify({ ...said, ...more }), '0.0.0')
    expect(parse({ routes: [{ name, guard: 'user' }] })).toThrow(/cannot name a page/u)
    expect(parse({ names: { ...said.names, context: `A${name}` } })).toThrow(/cannot name a context/u)
    expect(parse({ names: { ...said.names, entity: `A${name}` } })).toThrow(/cannot name an entity/u)
    expect(parse({ names: { ...said.names, table: `${name}!` } })).toThrow(/cannot name a table/u)
  })
})

describe('a journal', () => {
  it('takes no text from where it says, only from where it staged it', async () => {
    const { root, outside } = await createApp()
    await writeJournal(root, [step('stolen.txt', { staged: '../../../elsewhere/secret.txt' })])
    await expect(resumeApply(root)).rejects.toMatchObject({
      exitCode: 4,
      message: /is not what Sigra put there/u,
    })
    expect(await readFile(outside, 'utf8')).toBe(mine)
  })

  it('moves no link into place, whatever it leads to', async () => {
    const { root, outside } = await createApp()
    await mkdir(join(root, '.sigra/apply'), { recursive: true })
    await symlink(outside, join(root, '.sigra/apply/0'))
    await writeJournal(root, [step('stolen.txt')])
    await expect(resumeApply(root)).rejects.toMatchObject({
      exitCode: 4,
      message: /is not what Sigra put there/u,
    })
  })

  it('moves no other text into place than the one it staged', async () => {
    const { root } = await createApp()
    await writeTexts(root, { '.sigra/apply/0': 'another\n' })
    await writeJournal(root, [step('new.txt')])
    await expect(resumeApply(root)).rejects.toMatchObject({ exitCode: 4 })
  })

  it.each([
    ['a folder on the way', 'app/linked', 'app/linked/secret.txt'],
    ['the folder of records', '.sigra', 'new.txt'],
  ])('writes and removes nothing through a link in place of %s', async (_what, link, path) => {
    const { root, outside } = await createApp()
    await symlink(dirname(outside), join(root, link))
    if (link === '.sigra') {
      await writeTexts(dirname(outside), {
        'apply/0': mine,
        'apply/journal.json': JSON.stringify({ steps: [step(path)] }),
      })
    } else {
      await writeJournal(root, [{ path, before: fingerprint(mine), after: null }])
    }
    await expect(resumeApply(root)).rejects.toMatchObject({ exitCode: 4, message: /leads out/u })
    expect(await readFile(outside, 'utf8')).toBe(mine)
  })

  it('finishes an honest run all the same', async () => {
    const { root } = await createApp()
    await writeTexts(root, { '.sigra/apply/0': mine })
    await writeJournal(root, [step('(dev)/new.txt')])
    expect(await resumeApply(root)).toEqual({ paths: ['(dev)/new.txt'] })
    expect(await readFile(join(root, '(dev)/new.txt'), 'utf8')).toBe(mine)
  })
})

describe('a record of a merge', () => {
  it.each([
    { mode: '100644\n', object: 'a'.repeat(40), stage: 1 },
    { mode: '100644', object: `${'a'.repeat(40)} 1\tother`, stage: 1 },
    { mode: '100644', object: 'a'.repeat(40), stage: 7 },
  ])('says nothing else to git than entries of its index: %j', async (entry) => {
    const { root } = await createApp()
    const index = [{ path: 'app/root.tsx', former: [entry], stages: [] }]
    await mkdir(join(root, '.sigra'))
    await writeFile(join(root, '.sigra/merge.json'), JSON.stringify({ paths: [], index, migration: null }))
    await expect(readMerge(root)).rejects.toMatchObject({ exitCode: 4, message: /damaged/u })
  })
})
