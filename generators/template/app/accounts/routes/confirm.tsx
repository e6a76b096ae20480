import { data } from 'react-router'
import { confirmUserByCode, deliverUserConfirmationInstructions } from '~/accounts/accounts.server'
import { CodeField } from '~/accounts/components/code-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ConfirmSchema } from '~/accounts/schemas'
import { getUser, parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/confirm'

export async function loader(args: Route.LoaderArgs) {
  return { notice: await sigra.flash.read(args), email: await sigra.typedEmail.read(args) }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ConfirmSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  if (form.value.intent === 'resend') {
    const sent = await deliverUserConfirmationInstructions(args, form.value)
    if (!sent.ok) return refuse(form, sent)
    // The same words for every address: they must not tell whether somebody registered it.
    return sigra.redirect(args, '/users/confirm', {
      flash: 'If your email is in our system and not yet confirmed, a new message is on its way.',
      email: form.value.email,
    })
  }

  const result = await confirmUserByCode(args, form.value)
  if (result.ok) {
    const path = (await getUser(args)) ? '/' : '/users/log-in'
    return sigra.redirect(args, path, { flash: 'Your address is confirmed.', email: form.value.email })
  }
  // A right code in another browser than the registering one: ask what the link would ask.
  if (result.reason === 'other-browser') {
    return sigra.startMailFlow(args, 'confirm', result.token, '/users/confirm/continue')
  }
  if (result.reason === 'limited') return refuse(form, result)
  return data({ form: form.reply('Invalid code, or it has expired.') }, { status: 400 })
}

export const meta: Route.MetaFunction = () => [{ title: 'Confirm your address' }]

export default function Confirm({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  return (
    <EntryPage
      title="Confirm your address"
      intro="Our message holds six digits. They work for 30 minutes, in the browser you registered with; its link works everywhere."
      notice={form ? null : loaderData.notice}
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <Field
          form={form}
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          defaultValue={loaderData.email}
          required
        />
        <CodeField form={form} />
        <Submit intent="code">Confirm</Submit>
        <p className="form-row soft">
          Nothing arrived, or too late?
          <Submit intent="resend" className="button-link">
            Send a new message
          </Submit>
        </p>
      </Form>
    </EntryPage>
  )
}
