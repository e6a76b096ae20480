import { ConfigInvalid } from '@sigra/core'

/** A token bucket: holds `capacity`, refills evenly over `perSeconds`. */
export interface Bucket {
  capacity: number
  perSeconds: number
}

/** Every time and number of the account flows. The guides' tables are generated from `defaultPolicy`. */
export interface Policy {
  profile: 'default' | 'strict'
  /** `false` lets people in before they confirm, which tells that a just registered address was free. */
  requireConfirmation: boolean
  confirmation: { linkHours: number; codeMinutes: number; triesPerCode: number; passwordTriesPerLink: number }
  magicLink: { enabled: boolean; minutes: number; triesPerCode: number }
  resetPassword: { linkMinutes: number }
  notMe: { linkDays: number; totpRemovalHours: number }
  session: {
    idleHours: number
    absoluteDays: number
    rememberedIdleDays: number
    rememberedAbsoluteDays: number
    /** `last_seen_at` is written at most this often. */
    touchMinutes: number
    maxPerUser: number
    maxPendingPerUser: number
  }
  pendingSession: { secondFactorMinutes: number; enrolmentMinutes: number; passwordChangeMinutes: number }
  sudo: { minutes: number; codeMinutes: number; triesPerCode: number }
  password: {
    minLength: number
    maxLength: number
    maxBytes: number
    /** When the breach query runs. An outage falls back to the offline list and is audited. */
    breachCheck: 'production' | 'always' | 'never'
    breachCheckTimeoutMilliseconds: number
  }
  passwordHash: {
    memoryKib: number
    passes: number
    parallelism: number
    concurrency: number
    queueLimit: number
  }
  failedPasswords: {
    /** From this failure in a row on, (canonical address, network) has to wait. */
    backOffFrom: number
    /** The first wait; it doubles with every further failure. */
    firstWaitSeconds: number
    longestWaitSeconds: number
    /** Failures in a row are forgotten after this long without one. */
    forgetHours: number
    /** Failures from unknown browsers after which the password is refused from unknown browsers. */
    refuseAt: number
  }
  wrongCodes: { refuseAt: number }
  /** Who must have a second factor. `admins`: users whose `adminProperty` is true. */
  secondFactor: 'optional' | 'admins' | 'all'
  totp: {
    /** Steps of 30 seconds accepted on either side of now. */
    windowSteps: number
  }
  backupCodes: { count: number }
  secondFactorCodes: {
    /** From this wrong code in a row on, the account waits; each further one doubles it from a minute. */
    backOffFrom: number
    longestWaitHours: number
    /** Wrong codes in a row after which codes are refused until a passkey sign-in or an operator clears it. */
    refuseAt: number
    triesPerChallenge: number
  }
  passkeys: {
    /** The log-in page offers passkeys first. */
    primary: boolean
    challengeMinutes: number
    maxPerUser: number
  }
  trustedBrowser: { enabled: boolean; days: number; maxPerBrowser: number }
  browser: { cookieDays: number }
  mailFlow: { cookieMinutes: number; maxEntries: number }
  limits: {
    /** Per client network: charged first, never refunded. */
    client: { signIn: Bucket; register: Bucket; mailSending: Bucket; passkeyCeremony: Bucket }
    /** Per what was typed: charged only when every client bucket granted. */
    target: {
      signIn: Bucket
      mailSendingBurst: Bucket
      mailSending: Bucket
      codeEntry: Bucket
      secondFactor: Bucket
      sudo: Bucket
      /** Changes of a password or of backup codes, per user: each is hashed, and the hashing is everybody's. */
      credentialChange: Bucket
    }
    /** Charged by the worker when a requested mail is first prepared. */
    recipient: { anyBrowser: Bucket; knownBrowser: Bucket }
    /** A key untouched this long is swept: longer than any bucket takes to fill and any failure is remembered. */
    sweepAfterHours: number
  }
  audit: {
    /** Rows older than this are removed by the retention job. */
    retentionDays: number
    /** Repeated events of one key (`security.rate_limited` …) are written once per window. */
    repeatWindowSeconds: number
    maxUserAgentLength: number
    maxMetadataBytes: number
  }
}

/** Part of a policy: what a host wants different. */
export type PolicyOverrides = DeepPartial<Policy>

type DeepPartial<T> = T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T

/** What applies where the host's `policy` and profile say nothing. */
export const defaultPolicy: Policy = {
  profile: 'default',
  requireConfirmation: true,
  confirmation: { linkHours: 24, codeMinutes: 30, triesPerCode: 5, passwordTriesPerLink: 5 },
  magicLink: { enabled: true, minutes: 10, triesPerCode: 5 },
  resetPassword: { linkMinutes: 60 },
  notMe: { linkDays: 7, totpRemovalHours: 72 },
  session: {
    idleHours: 24,
    absoluteDays: 7,
    rememberedIdleDays: 30,
    rememberedAbsoluteDays: 60,
    touchMinutes: 5,
    maxPerUser: 20,
    maxPendingPerUser: 5,
  },
  pendingSession: { secondFactorMinutes: 5, enrolmentMinutes: 30, passwordChangeMinutes: 30 },
  sudo: { minutes: 10, codeMinutes: 10, triesPerCode: 5 },
  password: {
    minLength: 12,
    maxLength: 256,
    maxBytes: 1024,
    breachCheck: 'production',
    breachCheckTimeoutMilliseconds: 1000,
  },
  passwordHash: { memoryKib: 19_456, passes: 2, parallelism: 1, concurrency: 2, queueLimit: 64 },
  failedPasswords: {
    backOffFrom: 5,
    firstWaitSeconds: 1,
    longestWaitSeconds: 900,
    forgetHours: 24,
    refuseAt: 100,
  },
  wrongCodes: { refuseAt: 20 },
  secondFactor: 'optional',
  totp: { windowSteps: 1 },
  backupCodes: { count: 10 },
  secondFactorCodes: { backOffFrom: 20, longestWaitHours: 24, refuseAt: 100, triesPerChallenge: 5 },
  passkeys: { primary: true, challengeMinutes: 5, maxPerUser: 10 },
  trustedBrowser: { enabled: true, days: 30, maxPerBrowser: 5 },
  browser: { cookieDays: 365 },
  mailFlow: { cookieMinutes: 60, maxEntries: 4 },
  limits: {
    client: {
      signIn: { capacity: 10, perSeconds: 60 },
      register: { capacity: 20, perSeconds: 3600 },
      mailSending: { capacity: 10, perSeconds: 60 },
      passkeyCeremony: { capacity: 20, perSeconds: 60 },
    },
    target: {
      signIn: { capacity: 5, perSeconds: 60 },
      mailSendingBurst: { capacity: 3, perSeconds: 60 },
      mailSending: { capacity: 6, perSeconds: 3600 },
      codeEntry: { capacity: 10, perSeconds: 3600 },
      secondFactor: { capacity: 10, perSeconds: 300 },
      sudo: { capacity: 5, perSeconds: 600 },
      credentialChange: { capacity: 10, perSeconds: 600 },
    },
    recipient: {
      anyBrowser: { capacity: 20, perSeconds: 3600 },
      knownBrowser: { capacity: 6, perSeconds: 3600 },
    },
    sweepAfterHours: 48,
  },
  audit: { retentionDays: 365, repeatWindowSeconds: 3600, maxUserAgentLength: 512, maxMetadataBytes: 8192 },
}

/** What profile `strict` changes: NIST SP 800-63B-4 at AAL2. */
export const strictOverrides: PolicyOverrides = {
  password: { minLength: 15 },
  session: { rememberedAbsoluteDays: 30 },
  secondFactor: 'all',
  magicLink: { enabled: false },
  totp: { windowSteps: 0 },
  trustedBrowser: { enabled: false },
}

/**
 * The default policy with its profile's and the host's changes.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first unknown key or value out of range.
 */
export function createPolicy(overrides: PolicyOverrides = {}): Policy {
  const policy = structuredClone(defaultPolicy)
  if (overrides.profile === 'strict') apply(policy, strictOverrides, 'policy')
  apply(policy, overrides, 'policy')
  return policy
}

const choices: Record<string, readonly string[]> = {
  'policy.profile': ['default', 'strict'],
  'policy.secondFactor': ['optional', 'admins', 'all'],
  'policy.password.breachCheck': ['production', 'always', 'never'],
}

// Zero means something only here; elsewhere it would switch a control off by accident.
const mayBeZero = new Set(['policy.totp.windowSteps', 'policy.session.touchMinutes'])

function apply(target: object, changes: object, path: string): void {
  for (const [key, value] of Object.entries(changes)) {
    const at = `${path}.${key}`
    const current: unknown = Object.hasOwn(target, key) ? Reflect.get(target, key) : undefined
    if (current === undefined) throw new ConfigInvalid(`${at} is not a setting`)
    if (value === undefined) continue
    if (isRecord(current)) {
      if (!isRecord(value)) throw new ConfigInvalid(`${at} must be an object`)
      apply(current, value, at)
      continue
    }
    checkValue(at, current, value)
    Reflect.set(target, key, value)
  }
}

function checkValue(at: string, current: unknown, value: unknown): void {
  const allowed = choices[at]
  if (allowed && !allowed.some((choice) => choice === value)) {
    throw new ConfigInvalid(`${at} must be one of ${allowed.join(', ')}`)
  }
  if (typeof value !== typeof current) throw new ConfigInvalid(`${at} must be a ${typeof current}`)
  if (
    typeof value === 'number' &&
    !(Number.isFinite(value) && (value > 0 || (value === 0 && mayBeZero.has(at))))
  ) {
    throw new ConfigInvalid(`${at} must be a number above 0`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
