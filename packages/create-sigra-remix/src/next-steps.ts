import { relative } from 'node:path'
import { installCommand, quote, type Choices } from './command-line.ts'
import type { Finish } from './finish-app.ts'
import type { Target } from './target.ts'

interface Situation {
  choices: Choices
  target: Target
  finish: Finish
  hasEnvironment: boolean
  hasManualEdits: boolean
  /** Files that were written with conflict markers. */
  waiting: readonly string[]
  /** The host's migrations are its own: it makes the one for our tables. */
  needsMigration: boolean
}

/** In this shell a plain install would leave out what development needs. */
function leavesOut(env: NodeJS.ProcessEnv): boolean {
  return env['NODE_ENV'] === 'production'
}

const newKey = `node -p "'SIGRA_SECRETS=k1:' + crypto.randomBytes(32).toString('base64url')"`

const run = { npm: 'npm run', pnpm: 'pnpm', yarn: 'yarn', bun: 'bun run' } as const
const execute = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' } as const

/** What is left to do, as commands and sentences, in order. */
export function nextSteps(situation: Situation): string[] {
  const { choices, target, finish, hasEnvironment, hasManualEdits, waiting, needsMigration } = situation
  const { pm, db } = choices.flags
  const near = relative(process.cwd(), target.root)
  const folder = near.startsWith('..') ? target.root : near
  return [
    ...(folder === '' ? [] : [`cd ${quote(folder)}`]),
    ...(hasManualEdits ? ['make the edits listed above by hand'] : []),
    ...(finish.isInstalled ? [] : [leavesOut(process.env) ? installCommand(pm).join(' ') : `${pm} install`]),
    ...(waiting.length === 0
      ? []
      : [
          `settle what is between the markers in ${waiting.join(', ')}`,
          `${execute[pm]} sigra apply --continue`,
        ]),
    ...(hasEnvironment ? [] : [`add a key to .env, made with: ${newKey}`]),
    ...(db === 'url' ? ['set DATABASE_URL in .env'] : []),
    ...(needsMigration
      ? [`${execute[pm]} sigra db:migration accounts`, 'put the lines listed above into it']
      : []),
    `${run[pm]} dev`,
  ]
}
