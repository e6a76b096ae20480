import { refusalInit } from '@sigra/remix'
import { parseJson } from '@sigra/remix/conform'
import { data } from 'react-router'
import type { Refused } from '~/accounts/refuse.server'
import { passkeys } from '~/passkeys/passkeys.server'
import { PasskeyAnswerSchema, type PasskeyAnswer } from '~/passkeys/schemas'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { paths } from '~/paths'
import { sigra } from '~/sigra.server'
import { inWords } from '~/words'
import type { Route } from './+types/ceremony'

type Args = Route.ActionArgs

/** What a page's script hands to the browser, and what becomes of the browser's answer. */
interface Ceremony {
  begin(args: Args): Promise<{ ok: true; options: object } | Refused>
  finish(args: Args, answer: PasskeyAnswer): Promise<{ ok: true; path: string } | Refused>
}

/** By the path that takes the answer; `…/options` begins. Who may come is up to the library, ceremony by ceremony. */
const ceremonies: Partial<Record<string, Ceremony>> = {
  [`${paths.logIn}/passkey`]: { begin: passkeys.createPasskeyLogIn, finish: passkeys.logInUserByPasskey },
  [`${paths.sudo}/passkey`]: { begin: passkeys.createPasskeySudo, finish: passkeys.sudoByPasskey },
  [`${paths.mfa}/passkey`]: {
    begin: passkeys.createPasskeySecondFactor,
    finish: passkeys.verifyUserSecondFactorByPasskey,
  },
  [`${paths.mfaEnroll}/passkey`]: { begin: passkeys.createPasskeyEnrolment, finish: passkeys.addUserPasskey },
  [`${paths.settingsMfa}/passkeys`]: { begin: passkeys.createPasskeyEnrolment, finish: addInSettings },
}

export async function action(args: Args) {
  const [path = '', options] = args.url.pathname.split('/options')
  const ceremony = ceremonies[path]
  if (!ceremony) throw data(null, { status: 404 })

  if (options !== undefined) {
    const started = await ceremony.begin(args)
    return started.ok ? { options: started.options } : refuse(args, started)
  }
  const body = await parseJson(args, PasskeyAnswerSchema)
  const result = body.ok ? await ceremony.finish(args, body.value) : body
  return result.ok ? { redirect: result.path } : refuse(args, result)
}

async function addInSettings(args: Args, answer: PasskeyAnswer) {
  // The page that offers one says where somebody was on the way to.
  const result = await passkeys.addUserPasskey(args, { redirectTo: paths.settingsMfa, ...answer })
  if (result.ok) sigra.flash.set(args, ['passkey-added', result.nickname])
  return result
}

/** Where the page of the script leads: the one that offers a passkey says it in its address. */
function wayOn({ request }: Args): string {
  const page = URL.parse(request.headers.get('Referer') ?? '')
  return page?.searchParams.get('redirectTo') || paths.settingsMfa
}

/** For the page's script: where to go now, or a sentence to show. */
function refuse(args: Args, refused: Refused) {
  const { reason } = refused
  if (reason === 'sudo-required') {
    return data({ redirect: withRedirectTo(paths.sudo, wayOn(args)) }, { status: 403 })
  }
  if (reason === 'session-ended') {
    sigra.flash.set(args, 'session-ended')
    return data({ redirect: paths.logIn }, { status: 403 })
  }
  return data({ reason, message: inWords(refused) }, refusalInit(refused))
}
