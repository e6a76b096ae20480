import { hashSessionToken, type SessionToken, SigraError, totpStep } from '@sigra/core'
import { sql } from '../../database/sql.ts'
import type { ProofMethod } from '../../door/proof-method.ts'
import { SessionOvertaken } from '../../sessions/continue-session.ts'
import type { Awaiting } from '../../sessions/sign-in-steps.ts'
import type { SudoMethod } from '../../sessions/session.ts'
import type { UserId } from '../../user-id.ts'
import { createTestCaller, nextRequest, type TestCaller } from '../test-caller.ts'
import type { TestPasskey } from '../passkeys/test-passkey.ts'
import type { TestRuntime } from '../test-runtime.ts'

export type LetterPurpose = 'confirm' | 'magic-link' | 'reset' | 'sudo' | 'not-me'

/** The form by which a letter is used: a success is repeated to the same one alone. */
export type LetterForm = 'link' | 'code' | 'password' | 'new-password'

/** A mail with something in it that can be used. */
export interface Letter {
  purpose: LetterPurpose
  account: Account
  token: string
  code: string | null
  /** The browser that asked; a notice has none. */
  askedIn: Browser | null
  receivedAt: number
  /** Good until then, whatever happens. */
  expiresAt: number
  /** Used, superseded, or ended by a change: nothing may come of it any more. */
  isDead: boolean
  /** Only the six digits are: a newer mail has others. */
  isCodeDead: boolean
  /** How it was used up; `null` where it was not, or ended otherwise. */
  success: { form: LetterForm; browser: Browser; at: number; repeats: number } | null
  /** The factor a notice is about. */
  about: { app: App } | { passkeyId: string } | null
  /** The deletion a notice is about. */
  deletion: Deletion | null
  /** The backup codes there were, where the notice is about what shows, makes or uses them. */
  codes: ReadonlySet<string>
}

/** An authenticator app that is on. */
export interface App {
  /** What it shows in this step of 30 seconds. Never asked for “now”: the clock may tick meanwhile. */
  code(step: number): string
  /** Of the last code that was taken. */
  lastStep: number
  activatedAt: number
}

export interface Passkey extends TestPasskey {
  addedAt: number
}

/** A deletion that was asked for, and that nobody has taken back. */
export interface Deletion {
  requestedAt: number
  dueAt: number
  /** Whatever was added since then goes, where it was somebody else who asked. */
  suspectSince: number
}

/** What is true of an account, by what was done to it and nothing the database says. */
export interface Account {
  id: UserId
  confirmed: boolean
  disabled: boolean
  mustChange: boolean
  /** The version of the terms that was accepted last; 0: none. */
  accepted: number
  requiresStep: boolean
  /** Index of the browser it was registered in; `null`: it was there before. */
  registeredIn: number | null
  registeredAt: number
  password: string | null
  app: App | null
  /** Unused ones. */
  backupCodes: readonly string[]
  usedBackupCode: string | null
  /** When the codes were made, used ones among them; `null` where there are none. */
  codesMadeAt: number | null
  passkeys: readonly Passkey[]
  deletion: Deletion | null
  /** Goes up with every change of a credential: what was trusted before is not trusted any more. */
  epoch: number
}

export interface Person {
  email: string
  account: Account | null
}

/** What somebody has proven in a browser since it was signed in, and how sudo was given there. */
export interface Evidence {
  account: Account
  proven: ReadonlySet<ProofMethod>
  awaiting: Awaiting | null
  remembered: boolean
  openedAt: number
  /** Of the last proof: what comes after a step that proves none is as old as that. */
  provenAt: number
  sudo: { method: SudoMethod; at: number } | null
  /** It was there when a second step was switched on in it: it lives on as it was. */
  isOlderThanStep: boolean
  /** The door let it in as a trusted browser: it stays, also when a credential is added that ends no session. */
  isTrusted: boolean
}

export interface Browser {
  caller: TestCaller
  evidence: Evidence | null
  /** The epoch of the account it was last trusted by, and when. */
  trust: { account: Account; epoch: number; at: number } | null
  newestToken: SessionToken | null
  /** The one before it: dead. */
  formerToken: SessionToken | null
}

export interface World {
  test: TestRuntime
  people: readonly Person[]
  browsers: readonly Browser[]
  letters: Letter[]
  /** What people are asked to accept; version 0: nothing. */
  terms: { version: number; required: boolean }
  /** How often each step got its way: a model in which nothing succeeds proves nothing. */
  successes: Map<string, number>
}

let networks = 0

/** Two people, one of them with an account; three browsers, none signed in. */
export async function createWorld(test: TestRuntime, successes: Map<string, number>): Promise<World> {
  const browsers = [0, 1, 2].map((): Browser => {
    networks += 1
    const clientAddress = `10.${2 + (networks >> 16)}.${(networks >> 8) & 255}.${networks & 255}`
    return {
      caller: createTestCaller({ clientAddress }),
      evidence: null,
      trust: null,
      newestToken: null,
      formerToken: null,
    }
  })
  await test.rows(sql`delete from graphile_worker._private_jobs`)
  return { test, people: [], browsers, letters: [], terms: { version: 0, required: false }, successes }
}

export function nowOf({ test }: World): number {
  return Date.now() + test.runtime.clockOffset()
}

export function currentStep(world: World): number {
  return totpStep(new Date(nowOf(world)))
}

/** Whether a sign-in with one factor is asked for another. */
export function isChallenged({ app, requiresStep, passkeys }: Account): boolean {
  return app !== null || (requiresStep && passkeys.length > 0)
}

/** Whether somebody has not accepted the terms that count now. */
export function lacksConsent({ terms }: World, { accepted }: Account): boolean {
  return accepted < terms.version
}

/** The clock of the model and that of the database are not read at the same instant. */
const CLOCKS_DIFFER_MS = 2000

/** Whether somebody's deletion is due, or so near that the model cannot tell. */
export function mayBeGone(world: World, { deletion }: Account): boolean {
  return deletion !== null && nowOf(world) > deletion.dueAt - CLOCKS_DIFFER_MS
}

/** Whether it is due for certain: nothing leads to the account, also while its row waits to be deleted. */
export function isGone(world: World, { deletion }: Account): boolean {
  return deletion !== null && nowOf(world) > deletion.dueAt + CLOCKS_DIFFER_MS
}

/** Codes that were just made, in the place of all there were. */
export function newCodes(
  world: World,
  codes: readonly string[],
): Pick<Account, 'backupCodes' | 'codesMadeAt'> {
  return { backupCodes: codes, codesMadeAt: codes.length > 0 ? nowOf(world) : null }
}

/** NIST SP 800-63B-4: two factors of different kinds, or a key that verified its user. */
export function levelOf(proven: ReadonlySet<ProofMethod>): 1 | 2 {
  const knows = proven.has('pwd') || proven.has('email')
  const has = proven.has('otp') || proven.has('backup') || proven.has('pop')
  return proven.has('user') || (knows && has) ? 2 : 1
}

/** The next request of a browser. */
export function arrive({ test }: World, { caller }: Browser): Promise<TestCaller> {
  return nextRequest(test.runtime, caller)
}

/** What the database holds of a browser's session, as hexadecimal digits. */
export function sessionHash(token: SessionToken | null): string | null {
  return token === null ? null : Buffer.from(hashSessionToken(token)).toString('hex')
}

/** Runs a flow; an action without sudo or by a dead token, which a route would redirect, is a refusal like any other. */
export async function attempt<T extends { ok: boolean }>(
  flow: () => Promise<T>,
): Promise<T | { ok: false; reason: 'sudo' | 'overtaken' }> {
  try {
    return await flow()
  } catch (error) {
    if (error instanceof SigraError && error.code === 'SIGRA_SUDO_REQUIRED')
      return { ok: false, reason: 'sudo' }
    if (error instanceof SessionOvertaken) return { ok: false, reason: 'overtaken' }
    throw error
  }
}

/** Ends what was signed in as somebody, but for one browser. */
export function endSessions(world: World, account: Account, except: Browser | null = null): void {
  for (const browser of world.browsers) {
    if (browser !== except && browser.evidence?.account === account) browser.evidence = null
  }
}

/** What every change of a credential does. */
export function changeCredentials(world: World, account: Account, except: Browser | null): void {
  account.epoch += 1
  endSessions(world, account, except)
  for (const letter of world.letters) {
    if (letter.account === account && letter.purpose !== 'not-me') letter.isDead = true
  }
}

export function count({ successes }: World, what: string): void {
  successes.set(what, (successes.get(what) ?? 0) + 1)
}
