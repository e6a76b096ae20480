import { relative } from 'node:path'
import { quote, type Choices } from './command-line.ts'
import type { Finish } from './finish-app.ts'
import type { Target } from './target.ts'

interface Situation {
  choices: Choices
  target: Target
  finish: Finish
  hasEnvironment: boolean
  hasManualEdits: boolean
}

const newKey = `node -p "'SIGRA_SECRETS=k1:' + crypto.randomBytes(32).toString('base64url')"`

/** What is left to do, as commands and sentences, in order. */
export function nextSteps({ choices, target, finish, hasEnvironment, hasManualEdits }: Situation): string[] {
  const { pm, db } = choices.flags
  const near = relative(process.cwd(), target.root)
  const folder = near.startsWith('..') ? target.root : near
  const run = pm === 'npm' ? 'npm run' : pm
  return [
    ...(folder === '' ? [] : [`cd ${quote(folder)}`]),
    ...(hasManualEdits ? ['make the edits listed above by hand'] : []),
    ...(finish.isInstalled ? [] : [`${pm} install`]),
    ...(hasEnvironment ? [] : [`add a key to .env, made with: ${newKey}`]),
    ...(db === 'url' ? ['set DATABASE_URL in .env'] : []),
    `${run} dev`,
  ]
}
