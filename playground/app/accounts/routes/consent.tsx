import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { DocumentsField } from '~/accounts/components/documents-field'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { ConsentSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requirePending, sigra } from '~/sigra.server'
import type { Route } from './+types/consent'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requirePending(args, 'consent')
  return {
    email,
    documents: await accounts.getUserDocuments(args),
    redirectTo: args.url.searchParams.get('redirectTo'),
  }
}

export async function action(args: Route.ActionArgs) {
  await requirePending(args, 'consent')
  const form = await parseForm(args, ConsentSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.acceptUserDocuments(args, form.value)
  if (result.ok) return result.redirect() // to a checked redirectTo
  if (result.reason === 'ended') {
    return sigra.redirect(args, paths.logIn, { flash: 'took-too-long' })
  }
  return refuse(form, result) // the page shows the versions of now
}

export const meta: Route.MetaFunction = () => [{ title: words.consent.title }]

export default function Consent({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { email, documents, redirectTo } = loaderData
  return (
    <EntryPage
      title={words.consent.title}
      intro={words.consent.intro(email)}
      footer={
        <Form method="post" action={paths.logOut} reloadDocument>
          <button className="button-link">{words.consent.logOut}</button>
        </Form>
      }
    >
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        <DocumentsField form={form} documents={documents} />
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        <Submit intent="accept">{words.consent.button}</Submit>
      </Form>
    </EntryPage>
  )
}
