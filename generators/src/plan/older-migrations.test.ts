import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Lock } from '../lock-file.ts'
import { parseLock } from '../parse-lock.ts'
import type { State } from '../state.ts'
import { newerVersion, olderVersion, bothVersions } from '../testing-only/older-app.ts'
import { createFolder, readTexts, smallState } from '../testing-only/small-app.ts'
import { applyPlan } from './apply-plan.ts'
import { planTransition } from './plan-transition.ts'

const older = smallState({ version: olderVersion })
const full = smallState({ version: newerVersion })
const retired = smallState({ version: newerVersion, features: ['accounts'], retired: ['passkeys'] })
const without = smallState({ version: newerVersion, features: ['accounts'] })
const everything = 'migrations/Migration1_everything.ts'

const roads: [string, State[]][] = [
  ['apply', [full]],
  ['apply, remove and add', [full, retired, full]],
  ['remove while it moves to the newer version', [retired]],
  ['remove for good, and add', [full, retired, without, full]],
]

it.each(roads)('an app whose one migration has everything keeps it through %s', async (_, states) => {
  const root = await createOlder(older)
  const before = await migrationsOf(root)
  expect(before.map(([path]) => path)).toEqual(['migrations/.snapshot.json', everything])

  for (const [index, to] of states.entries()) {
    await go(root, states[index - 1] ?? older, to)
    expect(await migrationsOf(root)).toEqual(before)
    expect((await lockOf(root)).migrations).toEqual([everything])
  }
  expect(await readFile(join(root, 'app/root.tsx'), 'utf8')).toContain('// Newer.') // everything else did move
})

it('an app without passkeys whose one migration has everything keeps it through add', async () => {
  const root = await createOlder({ ...older, features: ['accounts'] })
  const before = await migrationsOf(root)
  await go(root, { ...older, features: ['accounts'] }, full)
  expect(await migrationsOf(root)).toEqual(before)
  expect(await readFile(join(root, 'app/passkeys/routes.ts'), 'utf8')).toContain('passkeyRoutes')
})

it('an edit of the one migration survives as well', async () => {
  const root = await createOlder(older)
  await writeFile(join(root, everything), '// Mine.\n')
  const before = await migrationsOf(root)
  await go(root, older, retired)
  await go(root, retired, full)
  expect(await migrationsOf(root)).toEqual(before)
})

async function createOlder(state: State): Promise<string> {
  const root = join(await createFolder(), 'app')
  await go(root, null, state)
  return root
}

/** Every conflict would throw here: nothing is decided for anybody. */
async function go(root: string, from: State | null, to: State): Promise<void> {
  const plan = await planTransition({ root, from, to, archive: bothVersions })
  expect(plan.conflicts).toEqual([])
  await applyPlan(plan)
}

async function migrationsOf(root: string): Promise<[string, string][]> {
  return [...(await readTexts(root))].filter(([path]) => path.startsWith('migrations/'))
}

async function lockOf(root: string): Promise<Lock> {
  return parseLock(await readFile(join(root, 'sigra.lock.json'), 'utf8'))
}
