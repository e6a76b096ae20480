import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AccountName } from '~/accounts/components/account-name'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { NewPasswordFields } from '~/accounts/components/new-password-fields'
import { SettingsPage } from '~/accounts/components/settings-page'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { SettingsSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/settings-password'

export async function loader(args: Route.LoaderArgs) {
  // A forgotten open screen must not be enough to change how somebody signs in.
  const user = await requireSudo(args)
  const { hasPassword, isTypedAlready } = await accounts.getUserPasswordState(args)
  return {
    email: user.email,
    hasPassword,
    isTypedAlready,
    minLength: sigra.policy.password.minLength,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, SettingsSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result =
    form.value.intent === 'set-password'
      ? await accounts.setUserPassword(args, form.value)
      : await accounts.changeUserPassword(args, form.value)
  if (result.ok) {
    return sigra.redirect(args, paths.settingsSecurity, { flash: 'password-saved' })
  }
  if (result.reason === 'session-ended') {
    return sigra.redirect(args, paths.logIn, { flash: 'session-ended' })
  }
  return refuse(form, result)
}

export const meta: Route.MetaFunction = () => [{ title: words.settingsPassword.title }]

export default function SettingsPassword({ actionData, loaderData }: Route.ComponentProps) {
  const { email, hasPassword, isTypedAlready, minLength, notice } = loaderData
  const form = actionData?.form
  return (
    <SettingsPage
      title={hasPassword ? words.settingsPassword.change : words.settingsPassword.set}
      intro={words.settingsPassword.intro}
      email={email}
      notice={form ? null : notice}
    >
      <Form method="post" className="form panel">
        <FormAlert form={form} />
        <AccountName email={email} />
        {hasPassword && !isTypedAlready && (
          <Field
            form={form}
            name="currentPassword"
            label={words.fields.currentPassword}
            type="password"
            autoComplete="current-password"
            required
          />
        )}
        <NewPasswordFields form={form} minLength={minLength} />
        <Submit intent={hasPassword ? 'change-password' : 'set-password'}>
          {words.settingsPassword.button}
        </Submit>
      </Form>
    </SettingsPage>
  )
}
