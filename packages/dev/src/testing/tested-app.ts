import type { Caller, Runtime, UserId } from '@sigra/mikro-orm'

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
  /**
   * Asks for another address in a browser they are signed in to, and proves it by the link that is mailed there: the app’s own
   * mail worker has to run. Sessions in other browsers end.
   *
   * @param email The new address. @default a fresh one
   * @returns Them under the new address; their former one can undo it.
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` for somebody made without `mailbox`, or when the library refuses.
   * @throws {MailMissing} `SIGRA_MAIL_MISSING` when the email does not come.
   */
  changesEmail(browser: SignedInBrowser, email?: string): Promise<Person>
  /**
   * Is invited by the owner of an organization and accepts. Nothing waits for the email.
   *
   * @param role @default that of `default` in `organizations.config.ts`
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses, as it does for who is a member already.
   */
  joins(organization: PreparedOrganization, role?: string): Promise<void>
  /**
   * Is invited by the owner of an organization, and has not answered yet. The app’s own mail worker sends the email.
   *
   * @param role @default that of `default` in `organizations.config.ts`
   * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses, as it does for who is a member already.
   */
  isInvitedTo(organization: PreparedOrganization, role?: string): Promise<void>
}

/** An organization, as tests and seeds know it. */
export interface PreparedOrganization {
  id: string
  slug: string
  name: string
  owner: Person
}

/** A browser as far as a flow needs it: a `TestBrowser` is one. */
export interface SignedInBrowser {
  caller(): Promise<Caller>
}

/** The host's Sigra, as far as the kit needs it: what `createSigra` returned. */
export interface TestedSigra {
  edge: {
    runtime: Runtime
    settings: { cookies: { names: { session: string; browser: string; trusted: string } } }
  }
}
