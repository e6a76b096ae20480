import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultFlags } from '../state.ts'
import { createFolder, readTexts, smallArchive, smallState, writeTexts } from '../testing-only/small-app.ts'
import { applyPlan, resumeApply } from './apply-plan.ts'
import { diskOperations, type FileOperations } from './file-operations.ts'
import { planTransition } from './plan-transition.ts'
import type { Plan } from './plan.ts'

const from = smallState()
const to = smallState({
  flags: { ...defaultFlags, mail: 'in-process' },
  routes: [{ name: 'projects', guard: 'user' }],
})

/** Ends the run in the middle, as a kill would: nothing after this operation happens, no clean-up either. */
class Killed extends Error {}

function killAt(count: number): { files: FileOperations; wasReached: () => boolean } {
  let made = 0
  const step = <Args extends unknown[]>(operation: (...args: Args) => Promise<void>) => {
    return async (...args: Args): Promise<void> => {
      if (made === count) throw new Killed()
      made += 1
      await operation(...args)
    }
  }
  const files: FileOperations = {
    makeFolder: step(diskOperations.makeFolder),
    claimFolder: step(diskOperations.claimFolder),
    write: step(diskOperations.write),
    move: step(diskOperations.move),
    remove: step(diskOperations.remove),
    removeTree: step(diskOperations.removeTree),
    removeEmptyFolder: step(diskOperations.removeEmptyFolder),
  }
  return { files, wasReached: () => made === count }
}

async function prepare(): Promise<{
  root: string
  plan: Plan
  before: Map<string, string>
  after: Map<string, string>
}> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await planTransition({ root, from: null, to: from, archive: smallArchive }))
  const plan = await planTransition({ root, from, to, archive: smallArchive })
  const before = await readTexts(root)
  const after = new Map(before)
  for (const change of plan.changes) {
    if (change.after === null) after.delete(change.path)
    else after.set(change.path, change.after)
  }
  return { root, plan, before, after: new Map([...after].sort()) }
}

const withoutStaging = (texts: ReadonlyMap<string, string>) =>
  new Map([...texts].filter(([path]) => !path.startsWith('.sigra/')).sort())

describe('applyPlan', () => {
  it('killed at any file operation leaves the old tree, or one that the next run finishes', async () => {
    const { root: origin, before, after } = await prepare()
    for (let at = 0, isOver = false; !isOver; at += 1) {
      const root = join(await createFolder(), 'app')
      await cp(origin, root, { recursive: true })
      const plan = await planTransition({ root, from, to, archive: smallArchive })
      const { files, wasReached } = killAt(at)
      const isKilled = await applyPlan(plan, { files }).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      )
      isOver = !isKilled && !wasReached()
      const resumed = await resumeApply(root)
      const isOld = resumed === null && isSame(withoutStaging(await readTexts(root)), before)
      if (isOld) await applyPlan(plan)
      expect({ at, texts: withoutStaging(await readTexts(root)) }).toEqual({ at, texts: after })
    }
  }, 120_000)

  it('finishes a run that was itself interrupted while it finished another', async () => {
    const { root, plan, after } = await prepare()
    await expect(applyPlan(plan, { files: killAt(16).files })).rejects.toThrow(Killed)
    await expect(resumeApply(root, { files: killAt(4).files })).rejects.toThrow(Killed)
    expect(await resumeApply(root)).not.toBeNull()
    expect(withoutStaging(await readTexts(root))).toEqual(after)
    expect(await readdir(join(root, '.sigra'))).toEqual(['undo.json'])
  })

  it('does not write over what somebody changed while a run was interrupted', async () => {
    const { root, plan } = await prepare()
    await expect(applyPlan(plan, { files: killAt(16).files })).rejects.toThrow(Killed)
    await writeFile(join(root, 'package.json'), '{ "mine": true }\n')
    await expect(resumeApply(root)).rejects.toMatchObject({ exitCode: 3, paths: ['package.json'] })
    expect((await readTexts(root)).get('package.json')).toBe('{ "mine": true }\n')
  })

  it('waits for nobody, but does not run beside another one', async () => {
    const { root, plan } = await prepare()
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await writeTexts(root, { '.sigra/apply/owner': String(other.pid) })
    await expect(applyPlan(plan)).rejects.toMatchObject({ exitCode: 4, message: /Another Sigra command/u })
    other.kill('SIGKILL')
    await once(other, 'exit')
    await applyPlan(plan)
  })

  it('writes the lock file last', async () => {
    const { plan } = await prepare()
    expect(plan.changes.at(-1)?.path).toBe('sigra.lock.json')
  })
})

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return JSON.stringify([...one]) === JSON.stringify([...other])
}
