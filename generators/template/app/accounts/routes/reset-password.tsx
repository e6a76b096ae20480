import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ResetPasswordSchema } from '~/accounts/schemas'
import { paths } from '~/paths'
import { parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/reset-password'

export function loader() {
  return null
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ResetPasswordSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.deliverUserResetPasswordInstructions(args, form.value)
  if (!result.ok) return refuse(form, result)

  // The same words for every address.
  return sigra.redirect(args, paths.logIn, {
    flash: 'reset-sent',
    email: form.value.email,
  })
}

export const meta: Route.MetaFunction = () => [{ title: 'Reset your password' }]

export default function ResetPassword({ actionData }: Route.ComponentProps) {
  const form = actionData?.form
  return (
    <EntryPage
      title="Forgot your password?"
      intro="We mail you a link to choose a new one. It works once, for an hour."
      footer={
        <p>
          It came back to you? <Link to={paths.logIn}>Log in</Link>
        </p>
      }
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <Field form={form} name="email" label="Email" type="email" autoComplete="username" required />
        <Submit>Send me a link</Submit>
      </Form>
    </EntryPage>
  )
}
