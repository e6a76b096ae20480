import { ConfigInvalid } from '@sigra/core'
import { type DeclaredArea, mailKindsOf } from '@sigra/mikro-orm'
import type { Mails } from './mails.ts'

/**
 * Checks that every mail the app may have to send has a template, before one is due. Types say the same, but owned
 * files can be older than the library.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the templates that are missing.
 */
export function checkMails(mails: Mails, { areas }: { areas: readonly DeclaredArea[] }): void {
  const missing = mailKindsOf(areas).filter((kind) => typeof Reflect.get(mails, kind) !== 'function')
  if (missing.length > 0) throw new ConfigInvalid(`mails has no template for ${missing.join(', ')}`)
}
