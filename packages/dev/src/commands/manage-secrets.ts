import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT } from '@sigra/generators/command-line'
import { CommandFailed } from '../cli/command-failed.ts'
import { printLine } from '../cli/print.ts'
import type { HostApp } from '../host/host-app.ts'
import { loadHostAreas } from '../host/host-areas.ts'
import { countKeyUses, type KeyUses } from './count-key-uses.ts'
import { nextRotation, readRing, type RotationStep } from './key-rotation.ts'
import { withOrm } from './migrate-database.ts'

const LINE = /(?<=^\uFEFF?)SIGRA_SECRETS=(.*)$/m // the mark that editors on Windows put first stays

/**
 * Says which key signs, which ones only open, and what still needs each. Shows no key.
 *
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when there are no secrets or the database cannot be reached.
 */
export async function printSecretsStatus(app: HostApp): Promise<void> {
  const ring = readRing(secretsOf(app))
  const uses = await countUses(app)
  for (const [index, { id }] of ring.entries()) {
    printLine(`${id}  ${index === 0 ? 'signs and seals' : 'only opens    '}  ${describeUses(uses.get(id))}`)
  }
  for (const [id, used] of uses) {
    if (ring.every((key) => key.id !== id)) printLine(`${id}  is not listed!      ${describeUses(used)}`)
  }
}

/**
 * Makes the next step of a rotation. Each step is deployed everywhere before the next one.
 *
 * @param options.print Print the new value instead of writing it to `.env`: for an environment that lives elsewhere.
 * @throws {CommandFailed} `SIGRA_COMMAND_FAILED` when an old key is still needed, or nothing says where the value belongs.
 */
export async function rotateSecrets(app: HostApp, options: { print: boolean }): Promise<void> {
  const { step, keyIds, secrets } = nextRotation(secretsOf(app))
  if (step === 'remove') await refuseNeeded(app, keyIds)
  if (options.print) printLine(`SIGRA_SECRETS=${secrets}`)
  else await writeSecrets(app, secrets)
  printLine(next[step](keyIds.join(', ')))
}

const next: Record<RotationStep, (keyIds: string) => string> = {
  add: (id) =>
    `Added ${id} at the end: it is accepted, but does not sign yet. Deploy this everywhere, then run this again.`,
  'move-first': (id) =>
    `Moved ${id} first: it signs and seals from now on. Deploy this everywhere; the worker seals stored seeds anew at ` +
    '03:30 UTC. Then run this again.',
  remove: (ids) => `Took ${ids} out: nothing needs it any more. Deploy this everywhere.`,
}

async function refuseNeeded(app: HostApp, keyIds: readonly string[]): Promise<void> {
  const uses = await countUses(app)
  const needed = keyIds.filter((id) => uses.has(id))
  if (needed.length === 0) return
  const reasons = needed.map((id) => `${id}: ${describeUses(uses.get(id))}`).join('; ')
  throw new CommandFailed(
    EXIT.precondition,
    `An old key is still needed (${reasons}). The worker moves what is sealed to the new key at 03:30 UTC; links and held addresses end by themselves.`,
  )
}

/** The areas are loaded once MikroORM is: their files read the same environment. */
function countUses(app: HostApp): Promise<Map<string, KeyUses>> {
  return withOrm(app, async (orm) => countKeyUses(orm, await loadHostAreas(app.root)))
}

function describeUses(used: KeyUses | undefined): string {
  if (used === undefined) return 'nothing needs it'
  const { seeds, links, holds, ofAreas } = used
  const others = Object.entries(ofAreas).map(([area, count]) => `${count} sealed values of ${area}`)
  const own = [`${seeds} authenticator seeds`, `${links} emailed links`, `${holds} held addresses`]
  return [...own, ...others].join(', ')
}

function secretsOf({ env }: HostApp): string {
  const secrets = env['SIGRA_SECRETS']
  if (secrets !== undefined) return secrets
  throw new CommandFailed(
    EXIT.precondition,
    'SIGRA_SECRETS is not set, neither in the environment nor in .env.',
  )
}

async function writeSecrets({ root, env }: HostApp, secrets: string): Promise<void> {
  const file = join(root, '.env')
  const text = await readFile(file, 'utf8').catch(() => '')
  if (LINE.exec(text)?.[1] !== env['SIGRA_SECRETS']) {
    throw new CommandFailed(
      EXIT.precondition,
      'SIGRA_SECRETS does not come from .env: run this with --print, and put what it prints where the value lives.',
    )
  }
  await writeFile(
    file,
    text.replace(LINE, () => `SIGRA_SECRETS=${secrets}`),
    { mode: 0o600 },
  )
}
