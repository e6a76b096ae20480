import { expect } from 'vitest'
import type { ProofMethod } from '../../door/proof-method.ts'
import type { SignInSuccess } from '../../flow-result.ts'
import type { Awaiting } from '../../sessions/sign-in-steps.ts'
import type { SudoMethod } from '../../sessions/session.ts'
import {
  type Account,
  type Browser,
  type Evidence,
  isChallenged,
  isGone,
  lacksConsent,
  levelOf,
  nowOf,
  type World,
} from './world.ts'

const awaited: Record<SignInSuccess['outcome'], Awaiting | null> = {
  'signed-in': null,
  'second-factor-required': 'second-factor',
  'second-factor-enrolment-required': 'enrolment',
  'password-change-required': 'password-change',
  'reactivation-required': 'reactivation',
  'consent-required': 'consent',
}

export interface Opening {
  proven: Iterable<ProofMethod>
  remembered: boolean
  outcome: SignInSuccess['outcome']
  /** This browser was asked to be trusted. */
  trusts?: boolean
  /** @default true */
  acceptsTrust?: boolean
  /** The step before it proved nothing: it is as old as what came before that. */
  provesNothing?: boolean
}

/** Writes down a sign-in, and whether the door may have let it as far as it did. */
export function noteSignIn(world: World, browser: Browser, account: Account, opening: Opening): void {
  const { remembered, trusts = false, acceptsTrust = true, provesNothing = false } = opening
  const proven = new Set(opening.proven)
  const awaiting = awaited[opening.outcome]
  const isTrusted =
    acceptsTrust && browser.trust?.account === account && browser.trust.epoch === account.epoch
  expect(account.confirmed, 'confirmed before anything').toBe(true)
  expect(account.disabled, 'let in while disabled').toBe(false)
  expect(isGone(world, account), 'let in after the deletion was due').toBe(false)
  if (awaiting !== 'second-factor' && awaiting !== 'enrolment') {
    expect(
      levelOf(proven) === 2 || !isChallenged(account) || isTrusted,
      'the second factor was asked for',
    ).toBe(true)
    expect(account.requiresStep && account.backupCodes.length === 0, 'a step without codes').toBe(false)
  }
  if (awaiting === null || awaiting === 'reactivation' || awaiting === 'consent')
    expect(account.mustChange, 'let in with a password that must change').toBe(false)
  if (awaiting === null || awaiting === 'reactivation' || awaiting === 'consent')
    expect(account.deletion !== null, 'sent to take back what lies ahead, and nowhere else').toBe(
      awaiting === 'reactivation',
    )
  if (awaiting === null || awaiting === 'consent')
    expect(lacksConsent(world, account), 'asked for consent where it is missing').toBe(awaiting !== null)
  if (trusts && awaiting === null) browser.trust = { account, epoch: account.epoch, at: nowOf(world) }
  const method = awaiting === null ? sudoOf(account, proven) : null
  const provenAt = provesNothing ? (browser.evidence?.provenAt ?? nowOf(world)) : nowOf(world)
  browser.evidence = {
    account,
    proven,
    awaiting,
    remembered,
    openedAt: nowOf(world),
    provenAt,
    sudo: method && { method, at: provenAt },
    isOlderThanStep: false,
    isTrusted,
  }
}

/** The same of a step that the door asked for, and that proved nothing new. */
export function noteStep(
  world: World,
  browser: Browser,
  { account, proven, remembered }: Evidence,
  outcome: Opening['outcome'],
): void {
  noteSignIn(world, browser, account, { proven, remembered, outcome, provesNothing: true })
}

/** Signing in with what sudo would ask for counts as sudo; a mailed link and a trusted browser do not. */
function sudoOf(account: Account, proven: ReadonlySet<ProofMethod>): SudoMethod | null {
  if (proven.has('user')) return 'passkey'
  if (!isChallenged(account)) return proven.has('pwd') ? 'password' : null
  if (levelOf(proven) === 1) return null
  return proven.has('otp') || proven.has('pop') ? 'second-factor' : 'recovery'
}

/** Sudo that is fresh enough, and not that of a backup code unless that will do. */
export function hasSudo(world: World, browser: Browser, { allowsRecovery = false } = {}): boolean {
  const { evidence } = browser
  if (evidence?.awaiting !== null || evidence.sudo === null) return false
  if (world.terms.required && lacksConsent(world, evidence.account)) return false
  const isFresh = nowOf(world) - evidence.sudo.at <= 10 * 60_000 + 2000
  return isFresh && (allowsRecovery || evidence.sudo.method !== 'recovery')
}
