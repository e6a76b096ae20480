import type { ParsedForm } from '@sigra/remix/conform'
import { data, Link } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AccountName } from '~/accounts/components/account-name'
import { DocumentsField } from '~/accounts/components/documents-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { Submit } from '~/accounts/components/submit'
import { refuse, type Refused } from '~/accounts/refuse.server'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { words as accountWords } from '~/accounts/words'
import { organizations } from '~/organizations/organizations.server'
import { organizationPaths, pathIn } from '~/organizations/paths'
import { InvitationSchema } from '~/organizations/schemas'
import { roleName, words } from '~/organizations/words'
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/invitation'

const { outdated: OUT_OF_DATE } = accountWords.linkProblem
const { over: OVER } = words.invitation

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'invitation')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })
  const invitation = await organizations.getInvitationByToken(args, flow.token)
  if (!invitation) return data({ problem: OVER }, { status: 400 })
  const user = await getUser(args)
  return {
    f: flow.f,
    ...invitation,
    email: user?.email ?? '',
    here: hereOf(args),
    canRegister: sigra.policy.registration.mode !== 'closed',
    minLength: sigra.policy.password.minLength,
    documents: sigra.documents,
  }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, InvitationSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })
  const { intent, f } = form.value
  const flow = await sigra.readMailFlow(args, 'invitation', f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })

  if (intent === 'log-out') {
    await accounts.logOutUser(args)
    return sigra.redirect(args, withRedirectTo(paths.logIn, hereOf(args)))
  }
  if (intent === 'decline') {
    const result = await organizations.declineInvitation(args, flow)
    if (!result.ok) return refuseOrEnd(form, result)
    await sigra.endMailFlow(args, f)
    const path = (await getUser(args)) ? organizationPaths.list : paths.logIn
    return sigra.redirect(args, path, { flash: 'invitation-declined' })
  }
  if (intent === 'register') {
    // Somebody has logged in meanwhile, in another tab: nobody is switched by a page that did not say so.
    if (await getUser(args)) return sigra.redirect(args, hereOf(args))
    const { password, documents } = form.value
    const result = await organizations.registerByInvitation(args, { ...flow, password, documents })
    if (result.ok) {
      await sigra.endMailFlow(args, f)
      sigra.flash.set(args, 'invitation-accepted')
      return result.redirect() // to the organization, or to the next step the door asks for
    }
    return refuseOrEnd(form, result)
  }
  const result = await organizations.acceptInvitation(args, flow)
  if (result.ok) {
    await sigra.endMailFlow(args, f)
    return sigra.redirect(args, pathIn(result.slug), { flash: 'invitation-accepted' })
  }
  // Somebody else is logged in by now, or nobody: the page says what to do.
  if (result.reason === 'signed-out' || result.reason === 'other-address')
    return sigra.redirect(args, hereOf(args))
  return refuseOrEnd(form, result)
}

function refuseOrEnd(form: ParsedForm<unknown>, refused: Refused) {
  const isOver = refused.reason === 'invalid' && refused.errors === undefined
  return refuse(form, isOver ? { ...refused, errors: { f: [OVER] } } : refused)
}

function hereOf({ url }: Pick<Route.LoaderArgs, 'url'>): string {
  return url.pathname + url.search
}

export const meta: Route.MetaFunction = () => [{ title: words.invitation.title }]

export default function Invitation({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: organizationPaths.list, label: words.invitation.yours }}
      />
    )
  }

  const { f, organization, role, maskedEmail, reader, email, here, canRegister } = loaderData
  const logIn = withRedirectTo(paths.logIn, here)
  const flow = <input type="hidden" name="f" value={f} />
  const isNew = reader === 'signed-out' && canRegister
  return (
    <EntryPage
      title={words.invitation.titleOf(organization)}
      intro={words.invitation.intro[reader === 'signed-out' && !canRegister ? 'closed' : reader](
        roleName(role),
        maskedEmail,
        email,
      )}
      footer={
        <>
          {isNew && (
            <p>
              {words.invitation.known((text) => (
                <Link to={logIn}>{text}</Link>
              ))}
            </p>
          )}
          <Form method="post">
            {flow}
            <p>
              {words.invitation.decline((text) => (
                <button className="button-link" name="intent" value="decline">
                  {text}
                </button>
              ))}
            </p>
          </Form>
        </>
      }
    >
      {reader === 'signed-out' && !canRegister && (
        <Link className="button" to={logIn}>
          {words.invitation.logIn}
        </Link>
      )}
      {(reader !== 'signed-out' || canRegister) && (
        // Who is logged in changes everything on screen: the browser loads the next page anew.
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={form} />
          {flow}
          {isNew && (
            <>
              <AccountName email={maskedEmail} />
              <Field
                form={form}
                name="password"
                label={accountWords.fields.password}
                hint={accountWords.fields.firstPasswordHint(loaderData.minLength)}
                type="password"
                autoComplete="new-password"
                required
              />
              <DocumentsField form={form} documents={loaderData.documents} />
            </>
          )}
          <Submit intent={intents[reader]}>{words.invitation[buttons[reader]]}</Submit>
        </Form>
      )}
    </EntryPage>
  )
}

const intents = { yours: 'accept', other: 'log-out', 'signed-out': 'register' } as const
const buttons = { yours: 'accept', other: 'logOut', 'signed-out': 'register' } as const
