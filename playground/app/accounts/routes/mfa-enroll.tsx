import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { BackupCodes } from '~/accounts/components/backup-codes'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { MfaEnrollSchema } from '~/accounts/schemas'
import type { SecondStep } from '~/accounts/second-steps'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { secondSteps } from '~/second-steps'
import { parseForm, requirePending, sigra } from '~/sigra.server'
import type { Route } from './+types/mfa-enroll'

export async function loader(args: Route.LoaderArgs) {
  const user = await requirePending(args, 'enrolment')
  const state = await accounts.getUserSecondFactorState(args)
  return {
    email: user.email,
    enrolment: state?.enrolment ?? null,
    redirectTo: args.url.searchParams.get('redirectTo'),
    // The second factor is there and was just proven: only the codes are missing.
    needsCodesOnly: state?.isActive === true,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requirePending(args, 'enrolment')
  const form = await parseForm(args, MfaEnrollSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const redirectTo = args.url.searchParams.get('redirectTo')
  switch (form.value.intent) {
    case 'enroll': {
      const result = await accounts.enrollUserTotp(args)
      if (!result.ok) return refuse(form, result)
      return sigra.redirect(args, args.url.pathname + args.url.search)
    }
    case 'activate': {
      const result = await accounts.activateUserTotp(args, { code: form.value.code, redirectTo })
      // Shown in this answer and in no other: nobody can read them a second time, we neither.
      if (result.ok) return { form: form.reply(), codes: result.backupCodes, path: result.path }
      if (result.reason === 'wrong-code')
        return data({ form: form.reply({ code: [result] }) }, { status: 400 })
      if (result.reason === 'not-enrolled') return sigra.redirect(args, args.url.pathname + args.url.search)
      if (result.reason === 'session-ended' || result.reason === 'disabled') return startOver(args)
      return refuse(form, result)
    }
    default: {
      const result = await accounts.issueUserBackupCodes(args, { redirectTo })
      if (result.ok) return { form: form.reply(), codes: result.backupCodes, path: result.path }
      if (result.reason === 'busy' || result.reason === 'limited') return refuse(form, result)
      return startOver(args)
    }
  }
}

function startOver(args: Route.ActionArgs) {
  return sigra.redirect(args, paths.logIn, { flash: 'took-too-long' })
}

export const meta: Route.MetaFunction = () => [{ title: words.mfaEnroll.title }]

export default function MfaEnroll({ actionData, loaderData }: Route.ComponentProps) {
  if (actionData && 'codes' in actionData) {
    return (
      <EntryPage title={words.backupCodes.title} intro={words.backupCodes.intro}>
        <BackupCodes codes={actionData.codes} continueTo={actionData.path} />
      </EntryPage>
    )
  }

  const form = actionData?.form
  const { email, enrolment, redirectTo, needsCodesOnly, notice } = loaderData
  return (
    <EntryPage
      title={needsCodesOnly ? words.mfaEnroll.codesTitle : words.mfaEnroll.title}
      intro={needsCodesOnly ? words.mfaEnroll.codesIntro(email) : words.mfaEnroll.intro(email)}
      notice={form ? null : notice}
      footer={
        <Form method="post" action={paths.logOut} reloadDocument>
          <button className="button-link">{words.mfaEnroll.logOut}</button>
        </Form>
      }
    >
      {needsCodesOnly && (
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={form} />
          <Submit intent="issue-codes">{words.mfaEnroll.codesButton}</Submit>
        </Form>
      )}
      {!needsCodesOnly &&
        Object.entries<SecondStep>(secondSteps).map(
          ([id, { Enroll }], index) =>
            Enroll && <Enroll key={id} {...{ form, email, enrolment, redirectTo }} isFirst={index === 0} />,
        )}
    </EntryPage>
  )
}
