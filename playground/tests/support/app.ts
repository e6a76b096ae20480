import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createPerson as createPersonOf,
  type Person,
  type PersonOptions,
  type ReceivedMail,
  TestBrowser,
  waitForMail,
} from '@sigra/dev/testing'
import { wrapHandler } from '@sigra/remix'
import { mailboxTransport, runWorker } from '@sigra/worker'
import { createRequestHandler, type ServerBuild } from 'react-router'
import * as build from 'virtual:react-router/server-build'
import { inject } from 'vitest'
import { mails } from '../../app/accounts/emails/index.ts'
import type { User } from '../../app/accounts/entities/user.ts'
import { sigra } from '../../app/sigra.server.ts'
import { answers, fields } from './registration.ts'

// The app as the server runs it, in this process: middleware, loaders, documents, a database and a mail worker. All test
// files of the process have this one, which ends with it.
const handle = createRequestHandler(build as ServerBuild, 'test')
const serve = wrapHandler((request: Request, _address: string) => handle(request), {
  sigra: () => sigra,
  socketAddress: (_request, address) => address,
})
const mailbox = await mkdtemp(join(inject('folder'), 'mailbox-'))
await runWorker({ sigra, mails, transport: mailboxTransport(mailbox), inProcess: true })

/** A browser of its own: nobody is signed in, and nobody else has its address. */
export function openBrowser(): TestBrowser {
  return new TestBrowser(sigra, { serve })
}

/** Somebody with an account, in the state a test asks for. */
export function createPerson(options: PersonOptions<User> = {}): Promise<Person> {
  return createPersonOf<User>(sigra, { mailbox, ...options, fields: { ...fields, ...options.fields } })
}

/** What the registration form sends. */
export function registration(email: string, password: string): Record<string, string> {
  return { ...answers, email, password }
}

/** The newest mail to an address whose subject holds these words. */
export function findMail(to: string, subject: string): Promise<ReceivedMail> {
  return waitForMail(mailbox, { to, subject })
}

/** What React Router calls the route of a path: `dashboard` is `routes/dashboard`. */
export function routeId(path: string): string {
  return Object.values(build.routes).find((route) => route?.path === path)?.id ?? ''
}
