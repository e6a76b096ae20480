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
import { paths } from '~/paths'
import { parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/confirm'

export async function loader(args: Route.LoaderArgs) {
  return {
    notice: await sigra.flash.read(args),
    email: await sigra.typedEmail.read(args),
    redirectTo: args.url.searchParams.get('redirectTo'),
  }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, ConfirmSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const email = (await sigra.typedEmail.read(args)) ?? form.value.email
  if (email === undefined) return data({ form: form.reply({ email: [NO_ADDRESS] }) }, { status: 400 })

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
  return data({ form: form.reply({ code: ['That code is wrong or has expired.'] }) }, { status: 400 })
}

const NO_ADDRESS = 'Enter your email address.'

export const meta: Route.MetaFunction = () => [{ title: 'Check your email' }]

export default function Confirm({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { email, redirectTo } = loaderData
  const notice = form ? null : loaderData.notice
  if (email === undefined) {
    return (
      <EntryPage
        title="Confirm your email address"
        intro="We’ll email you a link and a new code."
        notice={notice}
      >
        <Form method="post" className="form">
          <FormAlert form={form} />
          <Field form={form} name="email" label="Email" type="email" autoComplete="username" required />
          <Submit intent="resend">Send a new code</Submit>
        </Form>
      </EntryPage>
    )
  }
  return (
    <EntryPage
      title="Check your email"
      intro={
        <>
          Open the link in our email to <strong>{email}</strong>, or enter its six-digit code here. The code
          works for 30 minutes.
        </>
      }
      notice={notice}
      footer={
        <p>
          Wrong address? <Link to={withRedirectTo(paths.register, redirectTo)}>Start over</Link>
        </p>
      }
    >
      {/* Who is signed in changes everything on screen: the browser loads the next page anew. */}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it is what the page is for */}
        <CodeField form={form} required autoFocus />
        <Submit intent="code">Continue</Submit>
      </Form>
      <Form method="post" className="form-row soft" reloadDocument>
        Didn’t get it?
        <SendAgain waits={!form}>Send a new code</SendAgain>
      </Form>
    </EntryPage>
  )
}
