import { randomBytes } from 'node:crypto'

/** One key of `SIGRA_SECRETS`. The material never leaves this value but into the environment. */
export interface RingKey {
  id: string
  material: string
}

/** What the next step of a rotation does, in the order in which each is deployed everywhere before the next. */
export type RotationStep = 'add' | 'move-first' | 'remove'

export interface Rotation {
  step: RotationStep
  /** The new key, or the ones to leave out. */
  keyIds: readonly string[]
  /** The next value of `SIGRA_SECRETS`. */
  secrets: string
}

const KEY_BYTES = 32

/** Reads the ids and leaves the material alone; the app checks it at its start. */
export function readRing(secrets: string): RingKey[] {
  return secrets
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry.includes(':'))
    .map((entry) => ({
      id: entry.slice(0, entry.indexOf(':')),
      material: entry.slice(entry.indexOf(':') + 1),
    }))
}

/**
 * The next step: a new key is first known everywhere, then signs, then the old ones go. Which one is new, the number at
 * the end of its id tells.
 */
export function nextRotation(
  secrets: string,
  random: (length: number) => Uint8Array = randomBytes,
): Rotation {
  const ring = readRing(secrets)
  const newest = ring.toSorted((one, other) => numberOf(other) - numberOf(one))[0]
  if (newest === undefined || ring.length === 1) return addKey(ring, random)
  const others = ring.filter(({ id }) => id !== newest.id)
  if (ring[0]?.id === newest.id) {
    return { step: 'remove', keyIds: others.map(({ id }) => id), secrets: writeRing([newest]) }
  }
  return { step: 'move-first', keyIds: [newest.id], secrets: writeRing([newest, ...others]) }
}

function addKey(ring: readonly RingKey[], random: (length: number) => Uint8Array): Rotation {
  const id = `k${Math.max(0, ...ring.map(numberOf)) + 1}`
  const key = { id, material: Buffer.from(random(KEY_BYTES)).toString('base64url') }
  return { step: 'add', keyIds: [id], secrets: writeRing([...ring, key]) }
}

function writeRing(ring: readonly RingKey[]): string {
  return ring.map(({ id, material }) => `${id}:${material}`).join(',')
}

function numberOf({ id }: RingKey): number {
  return Number(/(\d+)$/.exec(id)?.[1] ?? 0)
}
