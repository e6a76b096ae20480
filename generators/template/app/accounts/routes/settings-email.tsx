import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { CodeField } from '~/accounts/components/code-field'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { SendAgain } from '~/accounts/components/send-again'
import { SettingsPage } from '~/accounts/components/settings-page'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { SettingsEmailSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/settings-email'

export async function loader(args: Route.LoaderArgs) {
  // A forgotten open screen must not be enough to take an account along.
  const { email } = await requireSudo(args)
  const { codeMinutes, undoDays } = sigra.policy.emailChange
  const change = await accounts.getUserEmailChange(args)
  const { registration } = sigra.policy
  return { email, change, codeMinutes, undoDays, registration, notice: await sigra.flash.read(args) }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, SettingsEmailSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  switch (form.value.intent) {
    case 'change': {
      const result = await accounts.deliverUserUpdateEmailInstructions(args, form.value)
      if (!result.ok) return refuse(form, result)
      // The same page for every address: it must not tell who has an account.
      return sigra.redirect(args, paths.settingsEmail)
    }
    case 'code': {
      const result = await accounts.updateUserEmail(args, { code: form.value.code })
      if (result.ok) return sigra.redirect(args, paths.settings, { flash: 'email-changed' })
      if (result.reason !== 'invalid') return refuse(form, result)
      return data({ form: form.reply({ code: [words.confirm.wrongCode] }) }, { status: 400 })
    }
    case 'resend': {
      const result = await accounts.resendUserEmailChange(args)
      if (!result.ok) return refuse(form, result)
      return sigra.redirect(args, paths.settingsEmail, { flash: 'email-change-sent-again' })
    }
    case 'cancel': {
      await accounts.cancelUserEmailChange(args)
      return sigra.redirect(args, paths.settingsEmail, { flash: 'email-change-cancelled' })
    }
  }
}

export const meta: Route.MetaFunction = () => [{ title: words.settingsEmail.title }]

export default function SettingsEmail({ actionData, loaderData }: Route.ComponentProps) {
  const { email, change, codeMinutes, undoDays, registration, notice } = loaderData
  const form = actionData?.form
  const pending = change?.pending ?? null
  return (
    <SettingsPage
      title={words.settingsEmail.title}
      intro={words.settingsEmail.intro(bold, email, undoDays)}
      email={email}
      notice={form ? null : notice}
    >
      {pending === null ? (
        <Form method="post" className="form panel">
          <FormAlert form={form} />
          <Field
            form={form}
            name="email"
            label={words.settingsEmail.newEmail}
            hint={words.fields.emailHint(registration)}
            type="email"
            autoComplete="email"
            required
          />
          {change?.mayDistrustOld && (
            <label className="check">
              <input type="checkbox" name="distrustOld" /> {words.settingsEmail.distrustOld(email)}
            </label>
          )}
          <Submit intent="change">{words.settingsEmail.button}</Submit>
        </Form>
      ) : (
        <section className="panel">
          <p>
            {change?.takesCode
              ? words.settingsEmail.sentHere(bold, pending, codeMinutes)
              : words.settingsEmail.sent(bold, pending)}
          </p>
          {change?.waitsForApproval && <p>{words.settingsEmail.waits(email)}</p>}
          {change?.takesCode ? (
            <Form method="post" className="form">
              <FormAlert form={form} />
              <CodeField form={form} required />
              <Submit intent="code">{words.settingsEmail.codeButton}</Submit>
            </Form>
          ) : (
            <FormAlert form={form} />
          )}
          <Form method="post">
            {words.settingsEmail.sendAgain((text) => (
              <SendAgain waits={!form}>{text}</SendAgain>
            ))}
          </Form>
          <Form method="post">
            <Submit intent="cancel" className="button button-quiet">
              {words.settingsEmail.cancel}
            </Submit>
          </Form>
        </section>
      )}
    </SettingsPage>
  )
}

function bold(text: string) {
  return <strong>{text}</strong>
}
