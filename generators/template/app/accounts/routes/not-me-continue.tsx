import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { Moment } from '~/accounts/components/moment'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { NotMeContinueSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import { deeds, inWords, removals } from '~/words'
import type { Route } from './+types/not-me-continue'

const { title } = words.notMe
const { invalid: INVALID } = words.reasons
const { outdated: OUT_OF_DATE } = words.linkProblem

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'not-me')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })

  const user = await accounts.getUserByNotMeToken(args, flow.token)
  if (!user) return data({ problem: INVALID }, { status: 400 })
  const { action, ...page } = user
  return { f: flow.f, ...page, deed: action && deeds[action] }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, NotMeContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const flow = await sigra.readMailFlow(args, 'not-me', form.value.f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })

  const result = await accounts.secureUser(args, { token: flow.token })
  if (!result.ok && result.reason === 'limited') return refuse(form, result)
  if (!result.ok) return data({ form: form.reply({ f: [INVALID] }) }, { status: 400 })

  await sigra.endMailFlow(args, flow.f)
  // Nobody is signed in by this; somebody else who is signed in here stays so.
  // sigra:if app=existing
  // sigra:+ const path = (await getUser(args)) ? paths.sessions : paths.logIn
  // sigra:else
  const path = (await getUser(args)) ? '/' : paths.logIn
  // sigra:end
  return sigra.redirect(args, path, { flash: 'secured' })
}

export const meta: Route.MetaFunction = () => [{ title }]

export default function NotMeContinue({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: paths.resetPassword, label: words.notMe.askAgain }}
      />
    )
  }

  const { f, maskedEmail, deed, occurredAt, removes, restores, keepsAccount, comesBack } = loaderData
  return (
    <EntryPage
      title={title}
      intro={
        deed && occurredAt
          ? words.notMe.introAbout(maskedEmail, <Moment at={occurredAt} />, deed)
          : words.notMe.intro(maskedEmail)
      }
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <input type="hidden" name="f" value={f} />
        <div>
          <p>{words.notMe.ifYouContinue}</p>
          <ul>
            <li>{words.notMe.loggedOut}</li>
            {restores && <li>{words.notMe.restores(restores)}</li>}
            {keepsAccount && <li>{words.notMe.keepsAccount}</li>}
            {comesBack.map((back) => (
              <li key={back.reason}>{inWords(back)}</li>
            ))}
            {removes.map((what) => (
              <li key={what}>{removals[what]}</li>
            ))}
            <li>{words.notMe.newPassword}</li>
          </ul>
        </div>
        <Submit className="button button-danger">
          {removes.includes('password') ? words.notMe.buttonWithPassword : words.notMe.button}
        </Submit>
      </Form>
    </EntryPage>
  )
}
