import type { PolicyOverrides } from '../policy.ts'

const generous = { capacity: 1_000_000, perSeconds: 1 }

/** For tests that are not about limits: none is reached. */
export const generousLimits: PolicyOverrides = {
  limits: {
    client: { signIn: generous, register: generous, mailSending: generous, passkeyCeremony: generous },
    target: {
      signIn: generous,
      mailSendingBurst: generous,
      mailSending: generous,
      codeEntry: generous,
      secondFactor: generous,
      sudo: generous,
      credentialChange: generous,
    },
    recipient: { anyBrowser: generous, knownBrowser: generous, trickle: generous },
  },
}

/** For tests that are not about what a hash costs. */
export const cheapHashing: PolicyOverrides = {
  passwordHash: { memoryKib: 8, passes: 1, queueLimit: 1000 },
}
