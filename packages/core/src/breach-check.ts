/**
 * Asks whether a password is in a public breach. It is given the SHA-1 (that is the index of such services) and
 * sends on no more than five characters of it.
 */
export type BreachCheck = (sha1HexUpper: string) => Promise<BreachAnswer>

/** `unavailable`: no answer in time, or none that could be read. The offline list decides, and it is audited. */
export type BreachAnswer = 'breached' | 'clean' | 'unavailable'

export interface BreachCheckOptions {
  /** Prefix of the range query. @default 'https://api.pwnedpasswords.com/range/' */
  endpoint?: string
  /** For the whole answer. @default 1000 */
  timeoutMilliseconds?: number
  /** @default globalThis.fetch */
  fetch?: typeof fetch
}

const PREFIX_LENGTH = 5
const MAX_ANSWER_LENGTH = 512 * 1024 // a padded answer has about 1,000 lines of 40 characters

/** k-anonymity range query of Have I Been Pwned, with padding, so that not even the size of the answer tells. */
export function createBreachCheck(options: BreachCheckOptions = {}): BreachCheck {
  const {
    endpoint = 'https://api.pwnedpasswords.com/range/',
    timeoutMilliseconds = 1000,
    fetch = globalThis.fetch,
  } = options
  return async (sha1HexUpper) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds)
    try {
      return await Promise.race([query(fetch, endpoint, sha1HexUpper, signal), rejectOn(signal)])
    } catch {
      return 'unavailable'
    }
  }
}

async function query(
  fetchRange: typeof fetch,
  endpoint: string,
  sha1HexUpper: string,
  signal: AbortSignal,
): Promise<BreachAnswer> {
  const response = await fetchRange(endpoint + sha1HexUpper.slice(0, PREFIX_LENGTH), {
    headers: { 'Add-Padding': 'true' },
    redirect: 'error', // or the prefix goes to whoever it is redirected to
    signal,
  })
  const body = response.ok ? await readBounded(response) : null
  return body === null ? 'unavailable' : findSuffix(body, sha1HexUpper.slice(PREFIX_LENGTH))
}

/** Lines are `SUFFIX:COUNT`; padding has the count 0. Anything else is no answer of such a service. */
function findSuffix(body: string, suffix: string): BreachAnswer {
  const lines = body.trim().split(/\r?\n/)
  if (!lines.every((line) => /^[0-9A-F]{35}:\d{1,15}$/i.test(line))) return 'unavailable'
  const isListed = lines.some((line) => line.toUpperCase().startsWith(`${suffix}:`) && !/:0+$/.test(line))
  return isListed ? 'breached' : 'clean'
}

async function readBounded(response: Response): Promise<string | null> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MAX_ANSWER_LENGTH) return null // leaving the loop cancels the download
  }
  return text
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
}
