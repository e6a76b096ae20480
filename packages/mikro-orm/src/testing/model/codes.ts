import type { ProofMethod } from '../../door/proof-method.ts'
import type { VerifyInput } from '../../second-factor/verify-user-second-factor.ts'
import type { Scene } from './step.ts'
import { type Account, currentStep } from './world.ts'

export interface TriedCode {
  input: VerifyInput
  method: Extract<ProofMethod, 'otp' | 'backup'>
  /** By what the model knows: of this account, in its time, and never used. */
  isRight: boolean
  /** Of the app; `null` for a backup code. */
  step: number | null
}

/** A code of the account's own app or list, or one that was used, is old, or belongs to somebody else. */
export function chooseCode({ world, pick }: Scene, account: Account | undefined): TriedCode {
  const others = world.people.flatMap((person) =>
    person.account && person.account !== account ? [person.account] : [],
  )
  const foreign = others.find(({ app }) => app !== null)
  const now = currentStep(world)
  switch (pick % 8) {
    case 0:
      return backupCode(account, account?.backupCodes[pick % Math.max(1, account.backupCodes.length)])
    case 1:
      return backupCode(account, account?.usedBackupCode ?? others[0]?.backupCodes[0])
    case 2:
      return appCode(now, account, account?.app?.code(now - 2))
    case 3:
      return appCode(now, account, foreign?.app?.code(now))
    default:
      return appCode(now, account, account?.app?.code(now)) // at once again: a used one
  }
}

/** A code that was taken is spent, and with it every older one of the app. */
export function spendCode(account: Account, { input, step }: TriedCode): void {
  if (account.app && step !== null) account.app.lastStep = step
  if (step !== null) return
  account.usedBackupCode = String(input.backupCode)
  account.backupCodes = account.backupCodes.filter((code) => code !== input.backupCode)
}

function backupCode(account: Account | undefined, typed: string | undefined): TriedCode {
  const isRight = typed !== undefined && account?.backupCodes.includes(typed) === true
  return { input: { backupCode: typed ?? 'AAAA-AAAA-AAAA-AAAA' }, method: 'backup', isRight, step: null }
}

function appCode(now: number, account: Account | undefined, code = '000000'): TriedCode {
  const app = account?.app
  const steps = [now - 1, now, now + 1]
  const step = steps.find((each) => app && each > app.lastStep && app.code(each) === code)
  return { input: { code }, method: 'otp', isRight: step !== undefined, step: step ?? now }
}
