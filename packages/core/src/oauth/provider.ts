/** What one attempt to log in by a provider is bound to. All three are secrets of the app; `state` alone leaves by the browser. */
export interface ProviderAttempt {
  readonly state: string
  readonly nonce: string
  /** PKCE's: whoever stole the code cannot use it (RFC 7636). */
  readonly verifier: string
}

/** Whom a provider says it is. */
export interface ProviderProfile {
  readonly issuer: string
  readonly subject: string
  /** `null` where it says none, or what is no address. */
  readonly email: string | null
  /** By the provider's rule, not by what it calls so. */
  readonly emailVerified: boolean
  /** What it calls the person. Free text. */
  readonly name: string | null
  readonly amr: readonly string[]
  readonly acr: string | null
  /** When the person last proved to the provider who they are. */
  readonly authTime: Date | null
}

/** Somebody came back from a provider with an answer that holds. */
export interface ProviderAnswer {
  ok: true
  profile: ProviderProfile
  /** The provider rules over the address: whoever it names is who reads it. */
  isAuthoritative: boolean
  /** The provider asserts two factors, by what the app says means so. */
  mfaAsserted: boolean
}

/**
 * Nothing came of it. `cancelled`: the person went back. `refused`: the provider says no. `invalid-answer`: what came was
 * not asked for, or not from the provider. `unreachable`: no answer in time. `code` is for logs and holds nothing secret.
 */
export interface ProviderFailure {
  ok: false
  reason: 'cancelled' | 'refused' | 'invalid-answer' | 'unreachable'
  code: string
}

export interface AuthorizeRequest {
  /** Where the provider sends the browser back to. */
  redirectUri: string
  /** What the provider may fill in. @default nothing */
  loginHint?: string
}

export interface ExchangeRequest {
  redirectUri: string
  now: Date
}

/** A provider, as the app configured it. */
export interface Provider {
  readonly id: string
  /** What people know it by. */
  readonly label: string
  /** Where to send the browser. */
  authorize(
    attempt: ProviderAttempt,
    request: AuthorizeRequest,
  ): Promise<{ ok: true; url: URL } | ProviderFailure>
  /**
   * What came back by the browser, checked with the provider.
   *
   * @param answer The query of the callback, as it came.
   * @throws {Overloaded} `SIGRA_OVERLOADED` while too many calls of this provider are under way.
   */
  exchange(
    answer: URLSearchParams,
    attempt: ProviderAttempt,
    request: ExchangeRequest,
  ): Promise<ProviderAnswer | ProviderFailure>
}
