import type { ParsedForm } from '@sigra/remix/conform'
import { data, Link } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
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
  return { f: flow.f, ...invitation, email: user?.email ?? '', here: hereOf(args) }
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
  return refuse(form, refused.reason === 'invalid' ? { ...refused, errors: { f: [OVER] } } : refused)
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

  const { f, organization, role, maskedEmail, reader, email, here } = loaderData
  const flow = <input type="hidden" name="f" value={f} />
  return (
    <EntryPage
      title={words.invitation.titleOf(organization)}
      intro={words.invitation.intro[reader](roleName(role), maskedEmail, email)}
      footer={
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
      }
    >
      {reader === 'signed-out' ? (
        <div className="form">
          <Link className="button" to={withRedirectTo(paths.logIn, here)}>
            {words.invitation.logIn}
          </Link>
          <Link className="button button-quiet" to={withRedirectTo(paths.register, here)}>
            {words.invitation.register}
          </Link>
        </div>
      ) : (
        // Who is logged in changes everything on screen: the browser loads the next page anew.
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={form} />
          {flow}
          <Submit intent={reader === 'yours' ? 'accept' : 'log-out'}>
            {reader === 'yours' ? words.invitation.accept : words.invitation.logOut}
          </Submit>
        </Form>
      )}
    </EntryPage>
  )
}
