import { Form, data, type HeadersArgs } from 'react-router'
import { getSudoState, sudoByPassword } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Field } from '~/accounts/components/field'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { SudoSchema } from '~/accounts/schemas'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/sudo'

export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args)
  const sudo = await getSudoState(args)
  return {
    email: user.email,
    sudo,
    redirectTo: args.url.searchParams.get('redirectTo'),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const form = await parseForm(args, SudoSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await sudoByPassword(args, form.value)
  if (result.ok) return result.redirect() // back to a checked redirectTo
  if (result.reason === 'session-ended') {
    return sigra.redirect(args, '/users/log-in', {
      flash: 'Too many wrong tries: we signed you out. Please log in again.',
    })
  }
  if (result.reason === 'wrong')
    return data({ form: form.reply('That is not your password.') }, { status: 400 })
  return refuse(form, result)
}

export const headers = ({ actionHeaders }: HeadersArgs) => actionHeaders

export const meta: Route.MetaFunction = () => [{ title: 'Is it you?' }]

export default function Sudo({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { email, sudo, redirectTo, notice } = loaderData
  return (
    <EntryPage
      title="Is it you?"
      intro={`What comes next changes how ${email} signs in. Show us again that it is you; that holds for ten minutes.`}
      notice={form ? null : notice}
    >
      {sudo?.password && (
        <Form method="post" className="form">
          <FormAlert form={form} />
          <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
          <Field
            form={form}
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            required
          />
          {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
          <Submit>Go on</Submit>
        </Form>
      )}
    </EntryPage>
  )
}
