import { basename, extname } from 'node:path'
import {
  abortMerge,
  applyUndo,
  continueMerge,
  planUndo,
  readProject,
  type FileChange,
} from '@sigra/generators'
import { EXIT, type ExitCode } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import { readHostApp } from '../host/host-app.ts'
import { finishInterrupted } from './apply-intent.ts'
import { migrateAfter, retireTables } from './settle-database.ts'

/** `sigra apply --continue`: what overlapped is settled; the rest of the transition follows. */
export async function continueApply(root: string): Promise<ExitCode> {
  await readProject(root)
  await finishInterrupted(root, {})
  const { paths, migration } = await continueMerge(root)
  printLine(`Settled: ${paths.join(', ')}`)
  const { lock } = await readProject(root)
  if (migration !== null) return migrateAfter(root, migration, printLine)
  return lock.state.retired.length === 0 ? EXIT.done : retireTables(root, printLine)
}

/** `sigra apply --abort`: everything is as before the transition. */
export async function abortApply(root: string): Promise<ExitCode> {
  await readProject(root)
  await finishInterrupted(root, {})
  const { paths, saved } = await abortMerge(root)
  printLine(`Taken back: ${paths.length} files are as before.`)
  if (saved.length > 0) printLine(`What you had settled is kept in ${saved.join(', ')}`)
  return EXIT.done
}

/** `sigra undo`: takes the last transition back, with a migration it made. */
export async function undoTransition(
  root: string,
  { dryRun = false }: { dryRun?: boolean },
): Promise<ExitCode> {
  await readProject(root)
  await finishInterrupted(root, { dryRun })
  const plan = await planUndo(root)
  for (const change of plan.changes) printLine(describe(change))
  if (dryRun) return EXIT.done
  await refuseApplied(root, plan.migrations)
  await applyUndo(plan)
  printLine(`Taken back: ${plan.changes.length} files are as before.`)
  if (plan.changes.some(({ path }) => path === 'package.json')) {
    const { lock } = await readProject(root)
    printLine(`package.json has changed: run ${lock.state.flags.pm} install`)
  }
  return EXIT.done
}

function describe({ path, before, after }: FileChange): string {
  const word = after === null ? 'delete' : before === null ? 'bring back' : 'restore'
  return `  ${word.padEnd(13)} ${path}`
}

/** A database that knows a migration needs its file: to be taken back, and to be told from one that is behind. */
async function refuseApplied(root: string, migrations: readonly string[]): Promise<void> {
  if (migrations.length === 0) return
  const { findApplied } = await import('./migrate-database.ts')
  const names = migrations.map((path) => basename(path, extname(path)))
  const applied = await findApplied(readHostApp(root), names)
  if (applied.length === 0) return
  throw new CommandFailed(
    EXIT.precondition,
    `${applied.join(', ')} is applied to the database. Take it back first: npx sigra db:rollback`,
  )
}
