import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AccountName } from '~/accounts/components/account-name'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { NewPasswordFields } from '~/accounts/components/new-password-fields'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ChangePasswordSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requirePending, sigra } from '~/sigra.server'
import type { Route } from './+types/change-password'

export async function loader(args: Route.LoaderArgs) {
  const user = await requirePending(args, 'password-change')
  return {
    email: user.email,
    redirectTo: args.url.searchParams.get('redirectTo'),
    minLength: sigra.policy.password.minLength,
  }
}

export async function action(args: Route.ActionArgs) {
  await requirePending(args, 'password-change')
  const form = await parseForm(args, ChangePasswordSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.changeRequiredUserPassword(args, form.value)
  if (result.ok) return result.redirect() // to a checked redirectTo, or to what the door asks for next
  if (result.reason === 'ended') {
    return sigra.redirect(args, paths.logIn, { flash: 'took-too-long' })
  }
  return refuse(form, result)
}

export const meta: Route.MetaFunction = () => [{ title: words.changePassword.title }]

export default function ChangePassword({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  return (
    <EntryPage
      title={words.changePassword.title}
      intro={words.changePassword.intro(loaderData.email)}
      footer={
        <Form method="post" action={paths.logOut} reloadDocument>
          <button className="button-link">{words.changePassword.logOut}</button>
        </Form>
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <AccountName email={loaderData.email} />
        <NewPasswordFields form={form} minLength={loaderData.minLength} />
        {loaderData.redirectTo && <input type="hidden" name="redirectTo" value={loaderData.redirectTo} />}
        <Submit>{words.changePassword.button}</Submit>
      </Form>
    </EntryPage>
  )
}
