import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { DocumentsField } from '~/accounts/components/documents-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { RegisterSchema } from '~/accounts/schemas'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireAnonymous, sigra } from '~/sigra.server'
import type { Route } from './+types/register'

export async function loader(args: Route.LoaderArgs) {
  await requireAnonymous(args)
  return {
    redirectTo: args.url.searchParams.get('redirectTo'),
    minLength: sigra.policy.password.minLength,
    documents: sigra.documents,
    registration: sigra.policy.registration,
  }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, RegisterSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.registerUser(args, form.value)
  // Where the form was still open in a tab: the page as it is now.
  if (!result.ok && result.reason === 'registration-closed') return sigra.redirect(args, paths.register)
  if (!result.ok) return refuse(form, result)

  // The same answer for a free and a taken address: only the mailbox learns which it was.
  const { email, redirectTo } = form.value
  if (sigra.policy.requireConfirmation) {
    return sigra.redirect(args, withRedirectTo(paths.confirm, redirectTo), { email })
  }
  return sigra.redirect(args, withRedirectTo(paths.logIn, redirectTo), { flash: 'registered', email })
}

export const meta: Route.MetaFunction = () => [{ title: words.bar.register }]

export default function Register({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { redirectTo, minLength, registration, documents } = loaderData
  const { mode } = registration
  const footer = (
    <p>
      {words.register.logIn((text) => (
        <Link to={withRedirectTo(paths.logIn, redirectTo)}>{text}</Link>
      ))}
    </p>
  )
  if (mode === 'closed')
    return <EntryPage title={words.register.closedTitle} intro={words.register.closedIntro} footer={footer} />
  return (
    <EntryPage
      title={words.register.title}
      cover={words.register.cover}
      intro={mode === 'invited' ? words.register.introInvited : words.register.intro}
      footer={footer}
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <Field
          form={form}
          name="email"
          label={words.fields.email}
          hint={words.fields.emailHint(registration)}
          type="email"
          autoComplete="username"
          required
        />
        <Field
          form={form}
          name="password"
          label={words.fields.password}
          hint={words.fields.firstPasswordHint(minLength)}
          type="password"
          autoComplete="new-password"
          required
        />
        <DocumentsField form={form} documents={documents} />
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Submit>{words.register.button}</Submit>
      </Form>
    </EntryPage>
  )
}
