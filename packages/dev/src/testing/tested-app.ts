import type { Runtime, UserId } from '@sigra/mikro-orm'

/** Somebody with an account, and what only they know. */
export interface Person {
  id: UserId
  email: string
  password: string
  /** Unused ones, where there is a second factor. */
  backupCodes: readonly string[]
  /**
   * What their authenticator app shows now, by the runtime's clock, or so many steps of 30 seconds away.
   *
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` for somebody without one.
   */
  totpCode(steps?: number): string
}

/** The host's Sigra, as far as the kit needs it: what `createSigra` returned. */
export interface TestedSigra {
  edge: {
    runtime: Runtime
    settings: { cookies: { names: { session: string; browser: string; trusted: string } } }
  }
}
