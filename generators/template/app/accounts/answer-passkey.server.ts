// sigra:file passkeys
import { refusalInit, type RequestArgs } from '@sigra/remix'
import { data } from 'react-router'
import { sigra } from '../sigra.server.ts'
import { UNCONFIRMED } from './notices.ts'
import { inWords, type Refused } from './refuse.server.ts'

/** The options of a ceremony, for the script of a page. */
export function answerOptions(args: RequestArgs, started: { ok: true; options: object } | Refused) {
  return started.ok ? { options: started.options } : refusePasskey(args, started)
}

/** What came of a ceremony: where the page goes now, or a sentence for it. */
export function answerPasskey(args: RequestArgs, result: { ok: true; path: string } | Refused) {
  return result.ok ? { redirect: result.path } : refusePasskey(args, result)
}

function refusePasskey(args: RequestArgs, refused: Refused) {
  const { reason } = refused
  if (reason === 'sudo-required') {
    return data({ redirect: '/users/sudo?redirectTo=%2Fusers%2Fsettings%2Fmfa' }, { status: 403 })
  }
  if (reason === 'session-ended') {
    sigra.flash.set(args, 'You were signed out meanwhile. Please log in again.')
    return data({ redirect: '/users/log-in' }, { status: 403 })
  }
  return data({ reason, message: messages[reason] ?? inWords(refused) }, refusalInit(refused))
}

const messages: Partial<Record<string, string>> = {
  // One sentence for every cause: it must not tell who has an account, or why one is closed.
  'invalid-passkey': 'That passkey does not work here. Use another one, or another way.',
  expired: 'That took too long. Please try again.',
  'already-registered': 'That passkey is registered already.',
  'too-many': 'That is as many passkeys as an account can have. Remove one first.',
  unconfirmed: UNCONFIRMED,
}
