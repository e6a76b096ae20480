import { TestSetupFailed } from './test-setup-failed.ts'

/** A clock to move: give `offset` to `createSigra` as `clockOffset`. */
export interface TestClock {
  /** Milliseconds added to the database's clock. */
  offset(): number
  /** Never backwards: a database's clock does not. @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` */
  advance(span: { days?: number; hours?: number; minutes?: number; seconds?: number }): void
}

/** For tests of what expires, without waiting. */
export function createTestClock(): TestClock {
  let milliseconds = 0
  return {
    offset: () => milliseconds,
    advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }) {
      const span = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
      if (!(span >= 0)) throw new TestSetupFailed('A clock is moved forwards.')
      milliseconds += span
    },
  }
}
