import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ReactivationSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requirePending, sigra } from '~/sigra.server'
import type { Route } from './+types/reactivation'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requirePending(args, 'reactivation')
  return {
    email,
    deletion: await accounts.getUserDeletionState(args),
    redirectTo: args.url.searchParams.get('redirectTo'),
  }
}

export async function action(args: Route.ActionArgs) {
  await requirePending(args, 'reactivation')
  const form = await parseForm(args, ReactivationSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.cancelUserDeletion(args, form.value)
  if (result.ok) {
    sigra.flash.set(args, 'account-kept')
    return result.redirect() // to a checked redirectTo, or to the next step the door asks for
  }
  if (result.reason === 'ended') {
    // Somebody kept it in another browser, or it is due.
    return sigra.redirect(args, paths.logIn, { flash: 'session-ended' })
  }
  return refuse(form, result)
}

export const meta: Route.MetaFunction = () => [{ title: words.reactivation.title }]

export default function Reactivation({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { email, deletion, redirectTo } = loaderData
  return (
    <EntryPage
      title={words.reactivation.title}
      intro={deletion && words.reactivation.intro(email, deletion.deleteAfter)}
      footer={
        <Form method="post" action={paths.logOut} reloadDocument>
          <button className="button-link">{words.reactivation.logOut}</button>
        </Form>
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Submit intent="keep">{words.reactivation.button}</Submit>
      </Form>
    </EntryPage>
  )
}
