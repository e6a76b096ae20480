/** Playwright's session with Chromium's own protocol, as far as it is used here. */
export interface CdpSession {
  send(method: string, parameters?: Record<string, unknown>): Promise<unknown>
}

/** Playwright's page, as far as it is used here: no Playwright has to be installed for the rest of the kit. */
export interface CdpPage<Page> {
  context(): { newCDPSession(page: Page): Promise<CdpSession> }
}

export interface VirtualAuthenticator {
  /** How many passkeys it holds. */
  countPasskeys(): Promise<number>
  /** `false`: the person does not touch it, so that a ceremony can be cancelled. */
  setPresence(isPresent: boolean): Promise<void>
  /** `false`: the device does not verify its user. */
  setUserVerified(isVerified: boolean): Promise<void>
  remove(): Promise<void>
}

/**
 * Gives a page of Chromium an authenticator that keeps passkeys and answers by itself. Works on `http://localhost` and
 * https; set it up before the page is opened, or autofill does not see it.
 */
export async function addVirtualAuthenticator<Page extends CdpPage<Page>>(
  page: Page,
): Promise<VirtualAuthenticator> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const added = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const authenticatorId = readText(added, 'authenticatorId')
  const send = (method: string, parameters: Record<string, unknown> = {}) =>
    session.send(`WebAuthn.${method}`, { authenticatorId, ...parameters })
  return {
    async countPasskeys() {
      const answer = await send('getCredentials')
      const credentials = isRecord(answer) ? answer['credentials'] : null
      return Array.isArray(credentials) ? credentials.length : 0
    },
    setPresence: async (enabled) => void (await send('setAutomaticPresenceSimulation', { enabled })),
    setUserVerified: async (isUserVerified) => void (await send('setUserVerified', { isUserVerified })),
    remove: async () => void (await send('removeVirtualAuthenticator')),
  }
}

function readText(answer: unknown, key: string): string {
  return isRecord(answer) ? String(answer[key]) : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
