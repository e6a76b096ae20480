import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'

/** Fills a buffer with randomness. Tests pass their own. */
export type RandomBytes = (length: number) => Uint8Array

const KEY_BYTES = 32 // one key of the ring: `SIGRA_SECRETS=<id>:<base64url>`

/** A fresh key ring with one key. */
export function createSecrets(random: RandomBytes = randomBytes): string {
  return `k1:${Buffer.from(random(KEY_BYTES)).toString('base64url')}`
}

/** The text of `.env`: the example with its secret filled in. */
export function environmentText(example: string, secrets: string): string {
  const lines = example
    .split('\n')
    .map((line) => (line === 'SIGRA_SECRETS=' ? `SIGRA_SECRETS=${secrets}` : line))
  const hasSecrets = lines.some((line) => line.startsWith('SIGRA_SECRETS='))
  return hasSecrets ? lines.join('\n') : `${lines.join('\n').trimEnd()}\nSIGRA_SECRETS=${secrets}\n`
}

/** Whether there is one, of whatever kind. */
export async function hasEnvironmentFile(root: string): Promise<boolean> {
  return lstat(join(root, '.env')).then(
    () => true,
    () => false,
  )
}

/**
 * Writes `.env` for its owner's eyes only. One that exists is never touched, not even through a link.
 *
 * @returns Whether it was written.
 */
export async function writeEnvironment(root: string, text: string): Promise<boolean> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants
  const file = await open(join(root, '.env'), O_CREAT | O_EXCL | O_WRONLY, 0o600).catch(nullWhereItExists)
  if (file === null) return false
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
  return true
}

function nullWhereItExists(error: unknown): null {
  if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST') return null
  throw error
}
