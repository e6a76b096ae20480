import {
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import { isRequestOptions } from './ceremony-options.ts'
import type { CeremonyFailure } from './explain-ceremony-error.ts'
import { type CeremonyOptions, runCeremony } from './run-ceremony.ts'

export interface OfferOptions extends CeremonyOptions {
  /** Somebody chose a passkey: where to go now. */
  onSignedIn: (redirect: string) => void
  /** Somebody chose a passkey, and the server refused it. The offer goes on. */
  onRefused: (failure: CeremonyFailure) => void
}

/** A challenge is renewed this long before it ends: whoever then chooses a passkey still has time to unlock it. */
const EARLIER_MILLISECONDS = 60_000
const SHORTEST_MILLISECONDS = 30_000

/**
 * Offers passkeys in the list a browser opens under the e-mail field, as long as the page is open: a challenge that
 * grows old is replaced. Needs an input whose `autocomplete` ends in `webauthn`; does nothing where the browser has no
 * such list.
 *
 * @returns Ends the offer.
 */
export function offerPasskeys(options: OfferOptions): () => void {
  const offer = { isOver: false }
  void keepOffering(offer, options)
  return () => {
    if (!offer.isOver) WebAuthnAbortService.cancelCeremony()
    offer.isOver = true
  }
}

async function keepOffering(offer: { isOver: boolean }, options: OfferOptions): Promise<void> {
  if (!(await browserSupportsWebAuthnAutofill().catch(() => false))) return
  while (!offer.isOver) {
    const round = { isRenewed: false }
    const result = await runCeremony(options, isRequestOptions, (optionsJSON) =>
      answerOnce(offer, round, optionsJSON),
    )
    if (offer.isOver) return
    if (result.ok) {
      offer.isOver = true
      options.onSignedIn(result.redirect)
    } else if (result.reason === 'refused') {
      options.onRefused(result)
    } else if (!round.isRenewed) {
      offer.isOver = true // the button took its place, the browser ended it, or we are out of reach
    }
  }
}

async function answerOnce(
  offer: { isOver: boolean },
  round: { isRenewed: boolean },
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
): Promise<unknown> {
  if (offer.isOver) throw new DOMException('The page was left', 'AbortError')
  const life = Math.max((optionsJSON.timeout ?? 0) - EARLIER_MILLISECONDS, SHORTEST_MILLISECONDS)
  const timer = setTimeout(() => {
    round.isRenewed = true
    WebAuthnAbortService.cancelCeremony()
  }, life)
  try {
    return await startAuthentication({ optionsJSON, useBrowserAutofill: true })
  } finally {
    clearTimeout(timer)
  }
}
