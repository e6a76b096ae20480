import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { RegisterSchema } from '~/accounts/schemas'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { paths } from '~/paths'
import { parseForm, requireAnonymous, sigra } from '~/sigra.server'
import type { Route } from './+types/register'

export async function loader(args: Route.LoaderArgs) {
  await requireAnonymous(args)
  return { redirectTo: args.url.searchParams.get('redirectTo') }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, RegisterSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.registerUser(args, form.value)
  if (!result.ok) return refuse(form, result)

  // The same answer for a free and a taken address: only the mailbox learns which it was.
  const { email, redirectTo } = form.value
  if (sigra.policy.requireConfirmation) {
    return sigra.redirect(args, withRedirectTo(paths.confirm, redirectTo), { email })
  }
  return sigra.redirect(args, withRedirectTo(paths.logIn, redirectTo), { flash: 'registered', email })
}

const cover = {
  title: 'It takes a minute.',
  text: 'We send you a code to check your email address, and you are in.',
}

export const meta: Route.MetaFunction = () => [{ title: 'Register' }]

export default function Register({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { redirectTo } = loaderData
  return (
    <EntryPage
      title="Create your account"
      cover={cover}
      intro="An email address and a password are all it takes."
      footer={
        <p>
          Already registered? <Link to={withRedirectTo(paths.logIn, redirectTo)}>Log in</Link>
        </p>
      }
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <Field form={form} name="email" label="Email" type="email" autoComplete="username" required />
        <Field
          form={form}
          name="password"
          label="Password"
          hint="At least 12 characters. A few words in a row are easy to keep in mind."
          type="password"
          autoComplete="new-password"
          required
        />
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Submit>Create account</Submit>
      </Form>
    </EntryPage>
  )
}
