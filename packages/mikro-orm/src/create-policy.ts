import type { Policy, PolicyCheck, PolicyEntry, PolicyOverrides } from './policy.ts'
import {
  bucket,
  choice,
  count,
  days,
  domainList,
  flag,
  hours,
  milliseconds,
  minutes,
  seconds,
  type Settings,
} from './policy-setting.ts'
import { refuseContradictions } from './policy-rules.ts'
import { applyChanges, listEntries, readDefaults } from './policy-tree.ts'

/**
 * Each default beside its floor and its ceiling. What a host may say is bounded on the side that weakens an account or
 * overloads the app, and where more would have no effect.
 */
const settings: Settings<Policy> = {
  profile: choice('default', 'strict'),
  requireConfirmation: flag(true),
  registration: { mode: choice('open', 'invited', 'closed'), domains: domainList() },
  confirmation: {
    linkHours: hours(24),
    codeMinutes: minutes(30),
    triesPerCode: count('tries', 5, { to: 10 }),
    passwordTriesPerLink: count('tries', 5, { to: 10 }),
  },
  magicLink: { enabled: flag(true), minutes: minutes(10), triesPerCode: count('tries', 5, { to: 10 }) },
  resetPassword: { linkMinutes: minutes(60) },
  notMe: { linkDays: days(7), totpRemovalHours: hours(72) },
  emailChange: {
    linkHours: hours(24),
    codeMinutes: minutes(30),
    tries: count('tries', 5, { to: 10 }),
    perDay: count('changes', 3),
    undoDays: days(7, { from: 1 }),
    approveFromOld: flag(false),
  },
  deletion: {
    strategy: choice('anonymise', 'hard', 'soft'),
    graceDays: days(14, { from: 1, to: 90 }),
    reminderDays: days(2),
    holdAddressDays: days(0, { from: 0, to: 365 }),
  },
  session: {
    idleHours: hours(24),
    absoluteDays: days(7),
    rememberedIdleDays: days(30),
    rememberedAbsoluteDays: days(60),
    touchMinutes: minutes(5, { from: 0 }),
    maxPerUser: count('sessions', 20),
    maxPendingPerUser: count('sessions', 5),
  },
  pendingSession: {
    secondFactorMinutes: minutes(5),
    enrolmentMinutes: minutes(30),
    passwordChangeMinutes: minutes(30),
    reactivationMinutes: minutes(30),
    consentMinutes: minutes(30),
  },
  sudo: { minutes: minutes(10), codeMinutes: minutes(10), triesPerCode: count('tries', 5, { to: 10 }) },
  password: {
    minLength: count('characters', 12, { from: 8, to: 64 }), // NIST SP 800-63B-4 §3.1.1.2: never fewer than 8
    maxLength: count('characters', 256, { from: 64, to: 256 }), // the same: at least 64; `normalizePassword` stops at 256
    maxBytes: count('bytes', 1024, { from: 256, to: 1024 }), // `normalizePassword` stops there
    breachCheck: choice('production', 'always', 'never'),
    breachCheckTimeoutMilliseconds: milliseconds(1000),
  },
  passwordHash: {
    memoryKib: count('KiB', 19_456, { from: 7168, to: 262_144 }), // OWASP's lowest; what a stored hash may cost
    passes: count('passes', 2, { to: 32 }),
    parallelism: count('lanes', 1, { to: 16 }),
    concurrency: count('hashes at a time', 2, { to: 32 }),
    queueLimit: count('waiting hashes', 64, { to: 1280 }),
    knownBrowserPlaces: count('waiting hashes', 16, { to: 320 }),
    placesPerAccount: count('waiting hashes', 2, { to: 8 }),
  },
  failedPasswords: {
    backOffFrom: count('failures', 5, { to: 10 }),
    firstWaitSeconds: seconds(1, { to: 60 }),
    longestWaitSeconds: seconds(900, { from: 60 }),
    forgetHours: hours(24, { from: 1 }),
    refuseAt: count('failures', 100, { from: 10, to: 100 }), // NIST SP 800-63B-4 §3.2.2: at most 100 in a row
  },
  wrongCodes: { refuseAt: count('wrong codes', 20, { from: 5, to: 40 }) },
  secondFactor: choice('optional', 'admins', 'all'),
  totp: { windowSteps: count('steps', 1, { from: 0, to: 1 }) },
  backupCodes: { count: count('codes', 10, { from: 5, to: 20 }) },
  secondFactorCodes: {
    backOffFrom: count('wrong codes', 20, { from: 5, to: 40 }),
    longestWaitHours: hours(24, { from: 1 }),
    refuseAt: count('wrong codes', 100, { from: 10, to: 100 }), // as for passwords
    triesPerChallenge: count('tries', 5, { to: 10 }),
  },
  trustedBrowser: {
    enabled: flag(true),
    days: days(30),
    maxPerBrowser: count('accounts', 5, { to: 20 }), // one cookie holds them all
  },
  browser: { cookieDays: days(365, { from: 1, to: 400 }) }, // RFC 6265bis §5.5: browsers keep none longer
  export: {
    perDay: count('downloads', 3),
    batchRows: count('rows', 500),
    minutes: minutes(5),
    concurrency: count('downloads at a time', 2),
  },
  mailFlow: { cookieMinutes: minutes(60), maxEntries: count('flows', 4, { to: 8 }) }, // a cookie each
  mailedLinks: { maxLiving: count('links', 5) },
  limits: {
    client: {
      signIn: bucket(10, 60),
      register: bucket(20, 3600),
      mailSending: bucket(10, 60),
    },
    target: {
      signIn: bucket(5, 60),
      mailSendingBurst: bucket(3, 60),
      mailSending: bucket(6, 3600),
      codeEntry: bucket(10, 3600),
      secondFactor: bucket(10, 300),
      sudo: bucket(5, 600),
      credentialChange: bucket(10, 600),
      dispute: bucket(3, 3600),
    },
    recipient: { anyBrowser: bucket(20, 3600), knownBrowser: bucket(6, 3600), trickle: bucket(1, 600) },
    sweepAfterHours: hours(48, { from: 1 }),
  },
  audit: {
    retentionDays: days(365, { from: 1, to: 3650 }),
    repeatWindowSeconds: seconds(3600, { from: 60 }),
    maxUserAgentLength: count('characters', 512, { from: 64, to: 512 }), // its column holds no more
    maxMetadataBytes: count('bytes', 8192, { from: 1024, to: 8192 }), // the same
  },
}

/** What applies where the host's `policy` and profile say nothing. */
export const defaultPolicy: Policy = readDefaults(settings)

/** What profile `strict` changes: NIST SP 800-63B-4 at AAL2. */
const strictOverrides: PolicyOverrides = {
  password: { minLength: 15 },
  session: { rememberedAbsoluteDays: 30 },
  secondFactor: 'all',
  magicLink: { enabled: false },
  emailChange: { approveFromOld: true },
  totp: { windowSteps: 0 },
  trustedBrowser: { enabled: false },
}

/** What applies where a host says no more than `profile: 'strict'`. */
export const strictPolicy: Policy = createPolicy({ profile: 'strict' })

/**
 * The default policy with its profile's and the host's changes.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first unknown key, value out of range, or two values of
 *   which one has no effect beside the other.
 */
export function createPolicy(overrides: PolicyOverrides = {}, check: PolicyCheck = {}): Policy {
  const policy = structuredClone(defaultPolicy)
  if (overrides.profile === 'strict') applyChanges(policy, strictOverrides, settings, 'policy', check)
  applyChanges(policy, overrides, settings, 'policy', check)
  if (!check.dangerouslyWeak) refuseContradictions(policy, defaultPolicy)
  return policy
}

/** Every setting, in the order of the policy. */
export function listPolicy(): PolicyEntry[] {
  return listEntries(settings)
}
