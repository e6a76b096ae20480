import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { loadEach } from '~/accounts/load-each.server'
import { refuse } from '~/accounts/refuse.server'
import { SudoSchema } from '~/accounts/schemas'
import type { SudoWay } from '~/accounts/sudo-ways'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import { sudoWays } from '~/sudo-ways'
import { sudoWayLoads } from '~/sudo-ways.server'
import type { Route } from './+types/sudo'

export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args)
  const sudo = await accounts.getSudoState(args) // the strongest that this account has, and nothing below it
  return {
    email: user.email,
    ways: sudo ? await loadEach(sudoWayLoads, (load) => load(sudo)) : {},
    redirectTo: args.url.searchParams.get('redirectTo'),
    minutes: sigra.policy.sudo.minutes,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const form = await parseForm(args, SudoSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  if (form.value.intent === 'send-code') {
    const sent = await accounts.deliverUserSudoCode(args)
    if (!sent.ok) return refuse(form, sent)
    return { form: form.reply(), isSent: true }
  }

  const result =
    form.value.intent === 'password'
      ? await accounts.sudoByPassword(args, form.value)
      : form.value.intent === 'mailed-code'
        ? await accounts.sudoByCode(args, form.value)
        : await accounts.sudoBySecondFactor(args, form.value)
  if (result.ok) return result.redirect() // back to a checked redirectTo
  if (result.reason === 'session-ended') {
    return sigra.redirect(args, paths.logIn, { flash: 'too-many-wrong' })
  }
  if (result.reason !== 'wrong') return refuse(form, result)
  const isByCode = form.value.intent === 'recovery' && form.value.mailedCode !== undefined
  const sentence = isByCode ? words.sudo.wrongRecoveryByCode : words.sudo.wrong[form.value.intent]
  return data({ form: form.reply(sentence) }, { status: 400 })
}

export const meta: Route.MetaFunction = () => [{ title: words.sudo.title }]

export default function Sudo({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const isSent = actionData !== undefined && 'isSent' in actionData
  const { email, ways, redirectTo, minutes, notice } = loaderData
  const shown = Object.entries<SudoWay>(sudoWays).filter(([id]) => ways[id])
  const pressed = form?.initialValue['intent'] ?? ''
  const [answered] = shown.find(([, { intents }]) => intents.includes(pressed)) ?? []
  return (
    <EntryPage
      title={words.sudo.title}
      intro={words.sudo.intro(email, minutes)}
      notice={isSent ? 'sudo-code-sent' : form ? null : notice}
      footer={
        <p>
          <Link to="/">{words.sudo.cancel}</Link>
        </p>
      }
    >
      {shown.map(([id, { Way }], index) => (
        <Way
          key={id}
          form={id === answered ? form : undefined}
          {...{ email, redirectTo }}
          isFirst={index === 0}
          loaded={ways[id]}
        />
      ))}
    </EntryPage>
  )
}
