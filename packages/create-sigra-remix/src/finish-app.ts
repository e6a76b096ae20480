import { installEnvironment, type Flags } from '@sigra/generators'
import { installCommand, type Choices } from './command-line.ts'
import { findMissingPackages } from './missing-packages.ts'
import type { Output } from './output.ts'
import { runProgram } from './programs.ts'
import { createRepository, type RepositoryResult } from './repository.ts'

export interface Finish {
  isInstalled: boolean
  repository: RepositoryResult | 'not-asked'
  /** What did not work, in one sentence; the files are all there. */
  problem: string | null
}

/** Installs dependencies and makes the repository, as chosen. The first commit has the lock file of the install. */
export async function finishApp(
  root: string,
  choices: Choices & { isNew: boolean },
  output: Output,
): Promise<Finish> {
  const { pm } = choices.flags
  if (choices.install) {
    output.step(`Installing dependencies with ${pm}; this takes a minute …`)
    const problem = await install(root, pm, output)
    if (problem !== null) return { isInstalled: false, repository: 'not-asked', problem }
  }
  const repository = choices.git && choices.isNew ? await createRepository(root) : 'not-asked'
  const said = repositoryWords[repository]
  if (said !== null) output.step(said)
  return { isInstalled: choices.install, repository, problem: null }
}

/** @returns What did not work, `null` when every package is there. */
async function install(root: string, pm: Flags['pm'], output: Output): Promise<string | null> {
  const [command = pm, ...args] = installCommand(pm)
  const installed = await runProgram(command, args, root, installEnvironment())
  if (!installed.ok) {
    if (installed.isMissing) return `${pm} was not found.`
    output.say(lastLines(installed.output))
    return `\`${pm} install\` failed, see above.`
  }
  const missing = await findMissingPackages(root)
  if (missing.length === 0) return null
  output.say(lastLines(installed.output))
  return `\`${pm} install\` reported success, but ${missing.length} packages are not there (${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}). Look for a setting of ${pm} that leaves them out.`
}

const repositoryWords: Readonly<Record<Finish['repository'], string | null>> = {
  committed: 'Made a git repository with a first commit',
  'without-commit': 'Made a git repository; the first commit is yours (git does not know who you are yet)',
  'inside-another': null,
  'no-git': 'No repository: git was not found',
  'not-asked': null,
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-30).join('\n')
}
