import { gitEnvironment } from '@sigra/generators'
import { runProgram, type ProgramResult } from './programs.ts'

/** Whether tracked files were changed and not committed: our changes would mix with theirs. */
export async function hasUncommittedChanges(root: string): Promise<boolean> {
  const status = await runGit(['status', '--porcelain', '--untracked-files=no', '--', '.'], root)
  return status.ok && status.output.trim() !== ''
}

export type RepositoryResult = 'committed' | 'without-commit' | 'inside-another' | 'no-git'

/** Makes a repository with everything in one first commit. Inside another one it does nothing. */
export async function createRepository(root: string): Promise<RepositoryResult> {
  const inside = await runGit(['rev-parse', '--is-inside-work-tree'], root)
  if (inside.ok) return 'inside-another'
  const init = await runGit(['init', '--quiet', '--initial-branch=main'], root)
  if (!init.ok) return 'no-git'
  const add = await runGit(['add', '--all'], root)
  const message = ['commit', '--quiet', '--no-gpg-sign', '--no-verify', '-m', 'Start from create-sigra-remix']
  const commit = add.ok && (await runGit(message, root)).ok
  return commit ? 'committed' : 'without-commit' // most often: nobody told git who they are
}

function runGit(args: readonly string[], root: string): Promise<ProgramResult> {
  return runProgram('git', args, root, gitEnvironment())
}
