import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyPlan, resumeApply } from '../plan/apply-plan.ts'
import { diskOperations } from '../plan/file-operations.ts'
import { isEmptyPlan, type Plan } from '../plan/plan.ts'
import { planTransition } from '../plan/plan-transition.ts'
import type { State } from '../state.ts'
import { createFolder, readTexts, smallArchive, smallState, writeTexts } from '../testing-only/small-app.ts'
import { abortMerge, continueMerge } from './merge-steps.ts'
import { applyUndo, extendUndo, planUndo } from './undo-last.ts'

const withPasskeys = smallState()
const without = smallState({ features: ['accounts', 'organizations'], retired: ['passkeys'] })
const routes = 'app/sigra.routes.ts'

const plan = (
  root: string,
  from: State | null,
  to: State,
  decision: 'refuse' | 'merge' = 'refuse',
): Promise<Plan> => planTransition({ root, from, to, archive: smallArchive, decide: () => decision })

const git = (root: string, ...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })

/** In a repository, below its top, with everything committed. */
async function createCommitted(state: State): Promise<string> {
  const top = await createFolder()
  const root = join(top, 'apps', 'app')
  await mkdir(root, { recursive: true })
  await applyPlan(await plan(root, null, state))
  git(top, 'init', '--quiet')
  git(top, 'config', 'user.name', 'T')
  git(top, 'config', 'user.email', 't@example.com')
  commit(root)
  return root
}

function commit(root: string): void {
  git(root, 'add', '.')
  git(root, 'commit', '--quiet', '--message', 'Step')
}

async function edit(root: string, path: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(root, path), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(root, path), text.replace(from, to))
}

/** Somebody changed the very line that goes away with passkeys. */
async function createConflict(): Promise<string> {
  const root = await createCommitted(withPasskeys)
  await edit(root, routes, '...passkeyRoutes()', '...passkeyRoutes(1)')
  commit(root)
  return root
}

const own = async (root: string) =>
  new Map([...(await readTexts(root))].filter(([path]) => !path.startsWith('.sigra/')))

describe('a merge', () => {
  it('is refused as long as nobody decides, and nothing is written', async () => {
    const root = await createConflict()
    await expect(applyPlan(await plan(root, withPasskeys, without))).rejects.toMatchObject({
      exitCode: 3,
      paths: [routes],
    })
    expect(git(root, 'status', '--porcelain')).toBe('')
  })

  it('leaves markers, and three stages in the index as git has them', async () => {
    const root = await createConflict()
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    expect(await readFile(join(root, routes), 'utf8')).toContain(
      `<<<<<<< yours
    ...passkeyRoutes(1),
||||||| generated before
    ...passkeyRoutes(),
=======
>>>>>>> generated now`,
    )
    expect(git(root, 'status', '--porcelain', '--', routes)).toBe(`UU apps/app/${routes}\n`)
    expect(git(root, 'show', `:1:./${routes}`)).toContain('...passkeyRoutes()')
    expect(git(root, 'show', `:2:./${routes}`)).toBe(git(root, 'show', `HEAD:./${routes}`))
    expect(git(root, 'show', `:3:./${routes}`)).not.toContain('passkeys')
    expect(() => git(root, 'commit', '--quiet', '--message', 'Too early')).toThrow(/unmerged/u)
  })

  it('is continued once the markers are gone, and is then like any other transition', async () => {
    const root = await createConflict()
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    await expect(continueMerge(root)).rejects.toMatchObject({ exitCode: 3, paths: [routes] })
    await expect(applyPlan(await plan(root, without, withPasskeys))).rejects.toMatchObject({ exitCode: 3 })

    await writeFile(join(root, routes), 'export const sigraRoutes = () => [] // mine\n')
    expect(await continueMerge(root)).toMatchObject({ paths: [routes], migration: null })
    expect(git(root, 'diff', '--name-only', '--diff-filter=U')).toBe('')
    expect(git(root, 'diff', '--cached', '--name-only')).toBe(`apps/app/${routes}\n`)
    expect(isEmptyPlan(await plan(root, without, without))).toBe(true)
    await expect(continueMerge(root)).rejects.toMatchObject({ exitCode: 4 })
  })

  it('can be settled by deleting the file', async () => {
    const root = await createConflict()
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    await rm(join(root, routes))
    await continueMerge(root)
    expect(git(root, 'status', '--porcelain', '--', routes)).toBe(`D  apps/app/${routes}\n`)
  })

  it('is aborted without a trace', async () => {
    const root = await createConflict()
    const before = await own(root)
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    expect(await abortMerge(root)).toMatchObject({ saved: [] })
    expect(await own(root)).toEqual(before)
    expect(git(root, 'status', '--porcelain')).toBe('')
    expect(await readTexts(root)).toEqual(before)
  })

  it('aborted keeps a copy of what was settled so far, each time', async () => {
    const root = await createConflict()
    const before = await own(root)
    for (const text of ['// first\n', '// second\n']) {
      await applyPlan(await plan(root, withPasskeys, without, 'merge'))
      await writeFile(join(root, routes), text)
      await abortMerge(root)
    }
    expect(await own(root)).toEqual(before)
    expect(await readFile(join(root, '.sigra/saved', routes), 'utf8')).toBe('// first\n')
    expect(await readFile(join(root, '.sigra/saved', `${routes}.2`), 'utf8')).toBe('// second\n')
  })

  it('is not aborted over what was written elsewhere meanwhile', async () => {
    const root = await createConflict()
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    await edit(root, 'app/accounts/entities/index.ts', 'User,', 'User, // mine')
    const before = await own(root)
    await expect(abortMerge(root)).rejects.toMatchObject({
      exitCode: 3,
      paths: ['app/accounts/entities/index.ts'],
    })
    expect(await own(root)).toEqual(before)
  })

  it('gives the index back as it was, work that was staged included', async () => {
    const root = await createConflict()
    await edit(root, routes, 'export function', '// staged\nexport function')
    git(root, 'add', routes)
    const staged = git(root, 'ls-files', '--stage')
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    expect(git(root, 'ls-files', '--unmerged')).not.toBe('')
    await abortMerge(root)
    expect(git(root, 'ls-files', '--stage')).toBe(staged)
  })

  it('of a file both sides added has no base, and one that git ignores stays out of the index', async () => {
    const root = await createCommitted(without)
    await mkdir(join(root, 'app/accounts/routes'), { recursive: true })
    await writeFile(join(root, 'app/accounts/routes/passkeys.tsx'), '// mine\n')
    await mkdir(join(root, 'app/passkeys/entities'), { recursive: true })
    await writeFile(join(root, 'app/passkeys/entities/user-passkey.ts'), '// mine, ignored\n')
    await writeFile(join(root, '.gitignore'), '.sigra/\nuser-passkey.ts\n')
    await applyPlan(await plan(root, without, withPasskeys, 'merge'))
    expect(git(root, 'status', '--porcelain', '--', 'app/accounts')).toContain(
      'AA apps/app/app/accounts/routes/passkeys.tsx\n',
    )
    expect(git(root, 'ls-files', '--unmerged')).not.toContain('user-passkey')
    expect(await readFile(join(root, 'app/passkeys/entities/user-passkey.ts'), 'utf8')).toContain(
      '// mine, ignored',
    )
  })

  it('works without git too', async () => {
    const root = join(await createFolder(), 'app')
    await applyPlan(await plan(root, null, withPasskeys))
    await edit(root, routes, '...passkeyRoutes()', '...passkeyRoutes(1)')
    const before = await own(root)
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    await abortMerge(root)
    expect(await own(root)).toEqual(before)
  })

  it('interrupted before git heard of it is staged by the run that finishes it', async () => {
    const root = await createConflict()
    let moves = 0
    const move = async (from: string, to: string) => {
      moves += 1
      if (moves === 3) throw new Error('killed')
      await diskOperations.move(from, to)
    }
    const next = await plan(root, withPasskeys, without, 'merge')
    await expect(applyPlan(next, { files: { ...diskOperations, move } })).rejects.toThrow('killed')
    expect(git(root, 'ls-files', '--unmerged')).toBe('')
    expect((await resumeApply(root))?.paths).toContain(routes)
    expect(git(root, 'ls-files', '--unmerged').trim().split('\n')).toHaveLength(3)
  })
})

describe('undo', () => {
  it('takes the last transition back, whatever it touched', async () => {
    const root = await createCommitted(withPasskeys)
    const before = await own(root)
    await applyPlan(await plan(root, withPasskeys, without))
    expect(await own(root)).not.toEqual(before)
    await applyUndo(await planUndo(root))
    expect(await own(root)).toEqual(before)
    await expect(planUndo(root)).rejects.toMatchObject({ exitCode: 4 })
  })

  it('keeps edits that were there before', async () => {
    const root = await createCommitted(withPasskeys)
    await edit(root, routes, 'export function', '// mine\nexport function')
    const before = await own(root)
    await applyPlan(await plan(root, withPasskeys, without))
    expect(await readFile(join(root, routes), 'utf8')).toContain('// mine')
    await applyUndo(await planUndo(root))
    expect(await own(root)).toEqual(before)
  })

  it('takes an install back, with what it changed in files of the host', async () => {
    const root = await createFolder()
    await writeTexts(root, {
      'package.json': '{ "name": "host" }\n',
      'app/root.tsx': "import { Links } from 'react-router'\n\nexport default () => <Links />\n",
      'app/routes.ts': 'export default []\n',
      'vite.config.ts': 'export default { plugins: [] }\n',
    })
    const before = await own(root)
    await applyPlan(await plan(root, null, smallState({ app: 'existing' })))
    const after = await own(root)
    expect([...before.keys()].filter((path) => after.get(path) === before.get(path))).toEqual([])
    await applyUndo(await planUndo(root))
    expect(await own(root)).toEqual(before)
  })

  it('refuses to go back over what was written since', async () => {
    const root = await createCommitted(withPasskeys)
    await applyPlan(await plan(root, withPasskeys, without))
    await edit(root, routes, 'export function', '// since\nexport function')
    const before = await own(root)
    await expect(planUndo(root)).rejects.toMatchObject({ exitCode: 3, paths: [routes] })
    expect(await own(root)).toEqual(before)
  })

  it('takes along a migration that was made after the transition', async () => {
    const root = await createCommitted(without)
    const before = await own(root)
    await applyPlan(await plan(root, without, withPasskeys))
    const made = 'migrations/Migration20270101000000_passkeys.ts'
    const snapshot = 'migrations/.snapshot.json'
    const old = before.get(snapshot) ?? null
    await writeFile(join(root, made), '// new\n')
    await writeFile(join(root, snapshot), '{}')
    await extendUndo(root, [
      { path: made, action: 'create', before: null, after: '// new\n' },
      { path: snapshot, action: 'write', before: old, after: '{}' },
    ])
    const back = await planUndo(root)
    expect(back.migrations).toEqual([made])
    await applyUndo(back)
    expect(await own(root)).toEqual(before)
  })

  it('takes back what was settled by hand in a merge', async () => {
    const root = await createConflict()
    const before = await own(root)
    await applyPlan(await plan(root, withPasskeys, without, 'merge'))
    await expect(planUndo(root)).rejects.toMatchObject({ exitCode: 3, message: /A merge waits/u })
    await writeFile(join(root, routes), '// settled\n')
    await continueMerge(root)
    await applyUndo(await planUndo(root))
    expect(await own(root)).toEqual(before)
  })

  it('has nothing to take back in a new app', async () => {
    await expect(planUndo(await createCommitted(withPasskeys))).rejects.toMatchObject({ exitCode: 4 })
  })

  it('says so when its record is damaged', async () => {
    const root = await createCommitted(withPasskeys)
    await mkdir(join(root, '.sigra'))
    for (const text of ['{', '[]', '{"entries":[{"path":1}]}']) {
      await writeFile(join(root, '.sigra/undo.json'), text)
      await expect(planUndo(root)).rejects.toMatchObject({ exitCode: 4, message: /damaged/u })
    }
  })
})
