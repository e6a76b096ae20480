import { ConfigInvalid } from '@sigra/core'

/** Reads `SMTP_URL`. @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when it is missing or not SMTP. */
export function parseSmtpUrl(text: string | undefined): URL {
  if (!text) throw new ConfigInvalid('SMTP_URL is missing: smtps://user:password@host:465')
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigInvalid(
      'SMTP_URL must look like smtps://user:password@host:465 or smtp://user:password@host:587',
    )
  }
  return url
}
