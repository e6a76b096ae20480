import type { Choices } from './command-line.ts'
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
    const installed = await runProgram(pm, ['install'], root)
    if (!installed.ok) {
      if (!installed.isMissing) output.say(lastLines(installed.output))
      const reason = installed.isMissing ? `${pm} was not found` : `\`${pm} install\` failed, see above`
      return { isInstalled: false, repository: 'not-asked', problem: `${reason}.` }
    }
  }
  const repository = choices.git && choices.isNew ? await createRepository(root) : 'not-asked'
  const said = repositoryWords[repository]
  if (said !== null) output.step(said)
  return { isInstalled: choices.install, repository, problem: null }
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
