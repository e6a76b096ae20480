import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ResetPasswordSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/reset-password'

export function loader() {
  return { minutes: sigra.policy.resetPassword.linkMinutes }
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

export const meta: Route.MetaFunction = () => [{ title: words.resetPassword.title }]

export default function ResetPassword({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  return (
    <EntryPage
      title={words.resetPassword.title}
      intro={words.resetPassword.intro(loaderData.minutes)}
      footer={
        <p>
          {words.resetPassword.logIn((text) => (
            <Link to={paths.logIn}>{text}</Link>
          ))}
        </p>
      }
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <Field
          form={form}
          name="email"
          label={words.fields.email}
          type="email"
          autoComplete="username"
          required
        />
        <Submit>{words.resetPassword.button}</Submit>
      </Form>
    </EntryPage>
  )
}
