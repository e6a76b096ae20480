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
  /** Who may come in. */
  registration: {
    /** `invited`: whoever has an open invitation to that address. `closed`: only whom an operator makes an account for. */
    mode: 'open' | 'invited' | 'closed'
    /** Accounts have addresses of these domains only, each exactly; of any where none is listed. */
    domains: readonly string[]
  }
  confirmation: { linkHours: number; codeMinutes: number; triesPerCode: number; passwordTriesPerLink: number }
  magicLink: { enabled: boolean; minutes: number; triesPerCode: number }
  resetPassword: { linkMinutes: number }
  notMe: { linkDays: number; totpRemovalHours: number }
  /** Of the address of an account. */
  emailChange: {
    linkHours: number
    codeMinutes: number
    /** Of one code. */
    tries: number
    /** How often somebody may ask for a change, and how often for its email again. */
    perDay: number
    /** How long the former address is held, and can have the change undone. */
    undoDays: number
    /** Whether the former mailbox has to agree. */
    approveFromOld: boolean
  }
  /** Of an account. */
  deletion: {
    /** `anonymise`: the row stays, and says nothing. `hard`: it goes. `soft`: it stays as it is, and nobody gets in. */
    strategy: 'anonymise' | 'hard' | 'soft'
    /** How long it can be taken back. */
    graceDays: number
    /** How long before it is due somebody is reminded. */
    reminderDays: number
    /** How long nobody else can have the address of an account that is gone. */
    holdAddressDays: number
  }
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
  pendingSession: {
    secondFactorMinutes: number
    enrolmentMinutes: number
    passwordChangeMinutes: number
    reactivationMinutes: number
    consentMinutes: number
  }
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
    /** Of these, kept for browsers that an account knows; half of the queue at most. */
    knownBrowserPlaces: number
    /** How many of the kept places one account may have at a time. */
    placesPerAccount: number
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
  trustedBrowser: { enabled: boolean; days: number; maxPerBrowser: number }
  browser: { cookieDays: number }
  /** Of what people download about their account. */
  export: { perDay: number; batchRows: number; minutes: number; concurrency: number }
  mailFlow: { cookieMinutes: number; maxEntries: number }
  /** Links of one purpose that live at a time, per account; beyond it the oldest of unknown browsers ends first. */
  mailedLinks: { maxLiving: number }
  limits: {
    /**
     * Per client network: charged first, never refunded. IPv6 twice: a /64, and at four times the capacity its /48, which
     * browsers known to the account in question are spared.
     */
    client: { signIn: Bucket; register: Bucket; mailSending: Bucket }
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
      /** What somebody does not recognize, per user: each is an email. */
      dispute: Bucket
    }
    /** Charged by the worker when a requested mail is first to go out. */
    recipient: {
      /** Of the mailbox, whoever asks. */
      anyBrowser: Bucket
      /** Of each browser the account knows, charged before the mailbox's. */
      knownBrowser: Bucket
      /** Of the mailbox and kind of mail, once the others are used up: a flood thins mails, it silences nobody. */
      trickle: Bucket
    }
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
export type PolicyOverrides = PolicyChanges<Policy>

/** The same of any policy, an area's for example. */
export type PolicyChanges<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: PolicyChanges<T[K]> }
    : T

/** What a setting can be. */
export type PolicyValue = string | number | boolean | readonly string[]

/** One row of the guides' table. */
export interface PolicyEntry {
  /** `policy.session.idleHours` */
  name: string
  default: PolicyValue
  /** What a host may say instead: `a number of hours from 0.25 to 96`. */
  allowed: string
}

export interface PolicyCheck {
  /** Takes values below the floors and above the ceilings. For tests; production refuses it. @default false */
  dangerouslyWeak?: boolean
}
