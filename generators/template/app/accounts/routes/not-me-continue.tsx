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
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/not-me-continue'

const INVALID = 'The link is invalid or it has expired.'
const OUT_OF_DATE = 'This page is out of date.'

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'not-me')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })

  const user = await accounts.getUserByNotMeToken(args, flow.token)
  if (!user) return data({ problem: INVALID }, { status: 400 })
  const { maskedEmail, action, occurredAt, removes } = user
  return { f: flow.f, maskedEmail, what: action && deeds[action], occurredAt, removes }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, NotMeContinueSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const flow = await sigra.readMailFlow(args, 'not-me', form.value.f)
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })

  const result = await accounts.secureUser(args, { token: flow.token })
  if (!result.ok && result.reason === 'limited') return refuse(form, result)
  if (!result.ok) return data({ problem: INVALID }, { status: 400 })

  await sigra.endMailFlow(args, flow.f)
  // Nobody is signed in by this; somebody else who is signed in here stays so.
  const path = (await getUser(args)) ? '/' : paths.logIn
  return sigra.redirect(args, path, { flash: 'secured' })
}

/** What a notice was about, by the name of its event. */
const deeds: Record<string, string> = {
  'auth.confirm': 'the address was confirmed',
  'auth.password_changed': 'the password was changed',
  'auth.password_set': 'a password was set',
  'auth.reset_completed': 'the password was changed by a mailed link',
  'mfa.activated': 'a second step was switched on',
  'mfa.backup_code_used': 'a backup code was used',
  'mfa.codes_regenerated': 'the backup codes were replaced',
  'mfa.disabled': 'the second step was switched off',
  // sigra:if passkeys
  'passkey.added': 'a passkey was added',
  'passkey.removed': 'a passkey was removed',
  // sigra:end
  'security.lockout': 'wrong codes were tried',
  'security.new_browser': 'a new browser signed in',
  'session.sudo': 'a lost second step was being replaced',
}

export const meta: Route.MetaFunction = () => [{ title: 'This wasn’t me' }]

export default function NotMeContinue({ actionData, loaderData }: Route.ComponentProps) {
  const shown = actionData && 'problem' in actionData ? actionData : loaderData
  if ('problem' in shown) {
    return (
      <LinkProblem
        message={shown.problem}
        askAgain={{ path: paths.resetPassword, label: 'Choose a new password' }}
      />
    )
  }

  const { f, maskedEmail, what, occurredAt, removes } = shown
  const hasPassword = removes.includes('password')
  return (
    <EntryPage
      title="This wasn’t me"
      intro={
        <>
          For {maskedEmail}
          {what && occurredAt && (
            <>
              : <Moment at={occurredAt} />, {what}
            </>
          )}
          . Press the button only if that was not you.
        </>
      }
    >
      <Form method="post" className="form">
        <FormAlert form={actionData && 'form' in actionData ? actionData.form : undefined} />
        <input type="hidden" name="f" value={f} />
        <div>
          <p>Then this happens at once:</p>
          <ul>
            <li>Every browser is signed out, also yours, and none is trusted any longer.</li>
            {hasPassword && <li>The password is removed: nobody can sign in with it.</li>}
            {removes.includes('second-factor') && (
              <li>The authenticator app that was added is removed, with its backup codes.</li>
            )}
            {removes.includes('backup-codes') && (
              <li>The backup codes of that time are removed. You can make new ones afterwards.</li>
            )}
            {/* sigra:if passkeys */}
            {removes.includes('passkey') && <li>The passkey that was added is removed.</li>}
            {/* sigra:end */}
            <li>We mail you a link to choose a new password.</li>
          </ul>
        </div>
        <Submit className="button button-danger">
          {hasPassword ? 'Sign everyone out and remove the password' : 'Sign everyone out'}
        </Submit>
      </Form>
    </EntryPage>
  )
}
