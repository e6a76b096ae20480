// sigra:file organizations
import { data } from 'react-router'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { LinkProblem } from '~/accounts/components/link-problem'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { words as accountWords } from '~/accounts/words'
import { organizations } from '~/organizations/organizations.server'
import { organizationPaths } from '~/organizations/paths'
import { UndoTransferSchema } from '~/organizations/schemas'
import { words } from '~/organizations/words'
import { paths } from '~/paths'
import { getUser, parseForm, sigra } from '~/sigra.server'
import type { Route } from './+types/undo-transfer'

const { outdated: OUT_OF_DATE } = accountWords.linkProblem
const { over: OVER } = words.undoTransfer

export async function loader(args: Route.LoaderArgs) {
  const flow = await sigra.readMailFlow(args, 'transfer')
  if (!flow) return data({ problem: OUT_OF_DATE }, { status: 400 })
  const transfer = await organizations.getOrganizationTransferByToken(args, flow.token)
  return transfer ? { f: flow.f, ...transfer } : data({ problem: OVER }, { status: 400 })
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, UndoTransferSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })
  const flow = await sigra.readMailFlow(args, 'transfer', form.value.f)
  if (!flow) return data({ form: form.reply({ f: [OUT_OF_DATE] }) }, { status: 400 })

  const result = await organizations.undoOrganizationTransfer(args, flow)
  if (!result.ok)
    return refuse(form, result.reason === 'invalid' ? { ...result, errors: { f: [OVER] } } : result)
  await sigra.endMailFlow(args, flow.f)
  // Nobody is signed in by this; whoever is signed in here stays so.
  const path = (await getUser(args)) ? organizationPaths.list : paths.logIn
  return sigra.redirect(args, path, { flash: ['organization-transfer-undone', result.organization] })
}

export const meta: Route.MetaFunction = () => [{ title: words.undoTransfer.title }]

export default function UndoTransfer({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  if ('problem' in loaderData || form?.error['f']) {
    return (
      <LinkProblem
        form={form}
        problem={'problem' in loaderData ? loaderData.problem : undefined}
        askAgain={{ path: organizationPaths.list, label: words.invitation.yours }}
      />
    )
  }
  const { f, ...transfer } = loaderData
  return (
    <EntryPage
      title={words.undoTransfer.titleOf(transfer.organization)}
      intro={words.undoTransfer.text(transfer)}
    >
      <Form method="post" className="form">
        <FormAlert form={form} />
        <input type="hidden" name="f" value={f} />
        <p>{words.undoTransfer.ifYouContinue(transfer)}</p>
        <Submit className="button button-danger">{words.undoTransfer.button}</Submit>
      </Form>
    </EntryPage>
  )
}
