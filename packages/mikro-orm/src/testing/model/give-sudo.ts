import type { ProofMethod } from '../../door/proof-method.ts'
import type { SignInSuccess } from '../../flow-result.ts'
import type { SudoMethod } from '../../sessions/session.ts'
import { noteSignIn } from './sign-in-evidence.ts'
import type { Scene } from './step.ts'
import { type Account, type Evidence, lacksConsent, levelOf, nowOf, type World } from './world.ts'

/** A session of one factor that a second one is added to goes through the door again. */
export function giveSudo(
  { world, browser }: Scene,
  evidence: Evidence,
  method: SudoMethod,
  added: readonly ProofMethod[],
): true {
  const at = nowOf(world)
  if (added.length > 0 && levelOf(evidence.proven) === 1) {
    const { account, proven, remembered } = evidence
    noteSignIn(world, browser, account, {
      proven: [...proven, ...added],
      remembered,
      outcome: nextOf(world, account),
      acceptsTrust: false,
    })
  }
  if (browser.evidence?.awaiting === null) browser.evidence.sudo = { method, at }
  return true
}

/** What the door asks of two factors: it may have been asked for since the first sign-in. */
function nextOf(world: World, account: Account): SignInSuccess['outcome'] {
  if (account.requiresStep && account.backupCodes.length === 0) return 'second-factor-enrolment-required'
  if (account.mustChange) return 'password-change-required'
  return lacksConsent(world, account) ? 'consent-required' : 'signed-in'
}
