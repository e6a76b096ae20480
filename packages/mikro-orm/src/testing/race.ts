import { SessionOvertaken } from '../sessions/continue-session.ts'
import type { RaceSubject } from './race-subjects.ts'

export interface RaceOptions<Setup> {
  /** @default 40 */
  rounds?: number
  /** @default 16 */
  clients?: number
  /** How many may win a round. @default 1 */
  maxWinners?: number
  /** Makes what is raced for, anew for each round. */
  prepare(round: number): Promise<Setup>
  /** One client's try; `true` when it won. All start behind one barrier, each on a connection of its own. */
  attempt(setup: Setup, client: number): Promise<boolean>
  /** Asserts what must be true of the database after a round, whoever won. */
  invariant(setup: Setup, winners: number): Promise<void>
}

/** More won than may: the thing raced for is not guarded by one conditional statement. */
export class RaceLost extends Error {
  override readonly name = 'RaceLost'
}

/**
 * Races clients for something that works once, or a limited number of times.
 *
 * @returns Winners over all rounds.
 * @throws {RaceLost} when a round has more winners than `maxWinners`.
 */
export async function race<Setup>(subject: RaceSubject, options: RaceOptions<Setup>): Promise<number> {
  const { rounds = 40, clients = 16, maxWinners = 1 } = options
  let total = 0
  for (let round = 0; round < rounds; round++) {
    const setup = await options.prepare(round)
    const barrier = Promise.withResolvers<void>()
    const tries = Array.from({ length: clients }, async (_, client) => {
      await barrier.promise
      return options.attempt(setup, client).catch(loseIfOvertaken)
    })
    barrier.resolve()
    const winners = (await Promise.all(tries)).filter(Boolean).length
    if (winners > maxWinners) {
      throw new RaceLost(`${subject}: ${winners} of ${clients} won round ${round}; at most ${maxWinners} may`)
    }
    await options.invariant(setup, winners)
    total += winners
  }
  return total
}

/** Whoever's session went on under another token meanwhile has lost, as the edge answers them. */
function loseIfOvertaken(error: unknown): false {
  if (error instanceof SessionOvertaken) return false
  throw error
}
