import type { ParsedForm } from '@sigra/remix/conform'
import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { BackupCodes } from '~/accounts/components/backup-codes'
import { SettingsPage } from '~/accounts/components/settings-page'
import { loadEach } from '~/accounts/load-each.server'
import { refuse } from '~/accounts/refuse.server'
import { SettingsMfaSchema } from '~/accounts/schemas'
import type { SecondStep } from '~/accounts/second-steps'
import { words } from '~/accounts/words'
import type { Flash } from '~/flashes'
import { paths } from '~/paths'
import { secondSteps } from '~/second-steps'
import { secondStepLoads } from '~/second-steps.server'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import type { Route } from './+types/settings-mfa'

const PATH = paths.settingsMfa

export async function loader(args: Route.LoaderArgs) {
  // Also by a backup code: somebody who lost their phone comes here to put another in its place.
  const user = await requireSudo(args, { allowRecovery: true })
  const state = await accounts.getUserSecondFactorState(args)
  return {
    email: user.email,
    state,
    loaded: await loadEach(secondStepLoads, (load) => load.settings?.(args)),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args, { allowRecovery: true })
  const form = await parseForm(args, SettingsMfaSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  switch (form.value.intent) {
    case 'enroll': {
      const state = await accounts.getUserSecondFactorState(args)
      // A further factor takes both of those that are there: asked for here, before anybody scans.
      if (state?.isActive && !state.isRecovery) await requireSudo(args, { aal: 2 })
      const result = await accounts.enrollUserTotp(args)
      if (!result.ok) return refuse(form, result)
      return sigra.redirect(args, PATH)
    }
    case 'activate': {
      const result = await accounts.activateUserTotp(args, { code: form.value.code })
      if (result.ok) return show(form, result.backupCodes)
      if (result.reason === 'wrong-code')
        return data({ form: form.reply({ code: [result] }) }, { status: 400 })
      if (result.reason === 'not-enrolled') return sigra.redirect(args, PATH)
      if (result.reason === 'session-ended' || result.reason === 'disabled') return signedOut(args)
      return refuse(form, result)
    }
    case 'disable': {
      const result = await accounts.disableUserTotp(args)
      if (result.ok) return show(form, result.backupCodes) ?? done(args, 'app-off')
      if (result.reason === 'not-active') return sigra.redirect(args, PATH)
      return refuse(form, result)
    }
    case 'regenerate-codes': {
      await requireSudo(args) // a backup code may not make ten of one
      const result = await accounts.regenerateUserBackupCodes(args)
      if (result.ok) return show(form, result.backupCodes)
      if (result.reason === 'not-active') return sigra.redirect(args, PATH)
      return refuse(form, result)
    }
    default: {
      const isRequired = form.value.intent === 'require-second-step'
      if (isRequired) await requireSudo(args)
      const result = await accounts.requireUserSecondStep(args, { isRequired })
      if (result.ok) {
        return show(form, result.backupCodes) ?? done(args, isRequired ? 'two-steps' : 'one-step')
      }
      if (result.reason === 'no-factor' || result.reason === 'unchanged') return sigra.redirect(args, PATH)
      return refuse(form, result)
    }
  }
}

/** In this answer and in no other: nobody can read them a second time, we neither. */
function show(form: ParsedForm<unknown>, codes: readonly string[]) {
  return codes.length > 0 ? { form: form.reply(), codes } : null
}

function done(args: Route.ActionArgs, flash: Flash) {
  return sigra.redirect(args, PATH, { flash })
}

function signedOut(args: Route.ActionArgs) {
  return sigra.redirect(args, paths.logIn, { flash: 'session-ended' })
}

export const meta: Route.MetaFunction = () => [{ title: words.settingsMfa.title }]

export default function SettingsMfa({ actionData, loaderData }: Route.ComponentProps) {
  const { email, state, loaded, notice } = loaderData
  if (actionData && 'codes' in actionData) {
    return (
      <SettingsPage title={words.backupCodes.title} intro={words.backupCodes.loggedOut} email={email}>
        <BackupCodes codes={actionData.codes} continueTo={PATH} />
      </SettingsPage>
    )
  }

  const form = actionData?.form
  return (
    <SettingsPage
      title={words.settingsMfa.title}
      intro={introOf(state)}
      email={email}
      notice={form ? null : notice}
    >
      {state &&
        Object.entries<SecondStep>(secondSteps).map(([id, { Settings }]) => (
          <Settings key={id} {...{ form, email, state }} loaded={loaded[id]} />
        ))}
    </SettingsPage>
  )
}

function introOf(state: Route.ComponentProps['loaderData']['state']) {
  if (!state?.isRecovery) return words.settingsMfa.intro
  return state.totp ? words.settingsMfa.recovery : words.settingsMfa.recovered
}
