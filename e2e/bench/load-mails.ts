import { join } from 'node:path'
import type { MailSamples, Mails } from '@sigra/worker'
import { createServer } from 'vite'

export interface LoadedMails {
  mails: Mails<object>
  samples: MailSamples
  close(): Promise<void>
}

/** The mail templates of the generated app. They are TSX, which Node does not load by itself. */
export async function loadMails(): Promise<LoadedMails> {
  const root = join(import.meta.dirname, '../../generators/template')
  const vite = await createServer({
    root,
    configFile: false,
    server: { middlewareMode: true, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error',
  })
  const { mails } = await vite.ssrLoadModule('/app/accounts/emails/index.ts')
  const { samples } = await vite.ssrLoadModule('/app/accounts/emails/samples.ts')
  return { mails, samples, close: () => vite.close() }
}
