import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { CodeField } from '~/accounts/components/code-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { SendAgain } from '~/accounts/components/send-again'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ConfirmSchema } from '~/accounts/schemas'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/confirm'

export async function loader(args: Route.LoaderArgs) {
  return {
    notice: await sigra.flash.read(args),
    email: await sigra.typedEmail.read(args),
    redirectTo: args.url.searchParams.get('redirectTo'),
    codeMinutes: sigra.policy.confirmation.codeMinutes,
    canRegister: sigra.policy.registration.mode !== 'closed',
  }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ConfirmSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const email = (await sigra.typedEmail.read(args)) ?? form.value.email
  if (email === undefined)
    return data({ form: form.reply({ email: [words.missing.email] }) }, { status: 400 })

  if (form.value.intent === 'resend') {
    const redirectTo = args.url.searchParams.get('redirectTo')
    const sent = await accounts.deliverUserConfirmationInstructions(args, { email, redirectTo })
    if (!sent.ok) return refuse(form, sent)
    // The same words for every address: they must not tell whether somebody registered it.
    return sigra.redirect(args, withRedirectTo(paths.confirm, redirectTo), {
      flash: 'code-sent-again',
      email,
    })
  }

  const result = await accounts.confirmUserByCode(args, { email, code: form.value.code })
  if (result.ok) {
    sigra.flash.set(args, 'confirmed')
    return result.redirect() // to a checked redirectTo, or to the next step the door asks for
  }
  // A right code in another browser than the registering one: ask what the link would ask.
  if (result.reason === 'other-browser') {
    return sigra.startMailFlow(args, 'confirm', result.token, `${paths.confirm}/continue`)
  }
  if (result.reason !== 'invalid') return refuse(form, result)
  return data({ form: form.reply({ code: [words.confirm.wrongCode] }) }, { status: 400 })
}

export const meta: Route.MetaFunction = () => [{ title: words.confirm.title }]

export default function Confirm({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { email, redirectTo, codeMinutes, canRegister } = loaderData
  const notice = form ? null : loaderData.notice
  if (email === undefined) {
    return (
      <EntryPage title={words.confirm.askTitle} intro={words.confirm.askIntro} notice={notice}>
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
          <Submit intent="resend">{words.confirm.askButton}</Submit>
        </Form>
      </EntryPage>
    )
  }
  return (
    <EntryPage
      title={words.confirm.title}
      intro={words.confirm.intro(bold, email, codeMinutes)}
      notice={notice}
      footer={
        <>
          <Form method="post" reloadDocument>
            {words.confirm.sendAgain((text) => (
              <SendAgain waits={!form}>{text}</SendAgain>
            ))}
          </Form>
          {canRegister && (
            <p>
              {words.confirm.wrongAddress((text) => (
                <Link to={withRedirectTo(paths.register, redirectTo)}>{text}</Link>
              ))}
            </p>
          )}
        </>
      }
    >
      {/* Who is signed in changes everything on screen: the browser loads the next page anew. */}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it is what the page is for */}
        <CodeField form={form} required autoFocus />
        <Submit intent="code">{words.confirm.button}</Submit>
      </Form>
    </EntryPage>
  )
}

function bold(text: string) {
  return <strong>{text}</strong>
}
