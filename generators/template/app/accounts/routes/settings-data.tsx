import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { SettingsPage } from '~/accounts/components/settings-page'
import { Submit } from '~/accounts/components/submit'
import { refuse } from '~/accounts/refuse.server'
import { SettingsDataSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireSudo, sigra } from '~/sigra.server'
import { inWords } from '~/words'
import type { Route } from './+types/settings-data'

export async function loader(args: Route.LoaderArgs) {
  // A forgotten open screen must not be enough to lose an account.
  const { email } = await requireSudo(args)
  const deletion = await accounts.getUserDeletionState(args)
  const { strategy } = sigra.policy.deletion
  return { email, deletion, strategy, notice: await sigra.flash.read(args) }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, SettingsDataSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const result = await accounts.scheduleUserDeletion(args, form.value)
  if (!result.ok) return refuse(form, result) // the page says what has to be done first
  const day = words.moment.day(result.deleteAfter)
  return sigra.redirect(args, paths.logIn, { flash: ['deletion-scheduled', day] })
}

export const meta: Route.MetaFunction = () => [{ title: words.settingsData.title }]

export default function SettingsData({ actionData, loaderData }: Route.ComponentProps) {
  const { email, deletion, strategy, notice } = loaderData
  const form = actionData?.form
  return (
    <SettingsPage
      title={words.settingsData.title}
      intro={words.settingsData.intro}
      email={email}
      notice={form ? null : notice}
    >
      <section className="section">
        <h2>{words.settingsData.export.title}</h2>
        <p>{words.settingsData.export.text}</p>
        <form method="post" action={`${paths.settings}/export`}>
          <button className="button button-quiet" name="intent" value="export">
            {words.settingsData.export.button}
          </button>
        </form>
      </section>
      {deletion && (
        <section className="section">
          <h2>{words.settingsData.deletion.title}</h2>
          {deletion.blockers.length > 0 ? (
            <>
              <p>{words.settingsData.deletion.blocked}</p>
              <ul>
                {deletion.blockers.map((blocker) => (
                  <li key={blocker.reason}>{inWords(blocker)}</li>
                ))}
              </ul>
            </>
          ) : (
            <Form method="post" className="form panel">
              <FormAlert form={form} />
              <p>{words.settingsData.deletion.until(bold, deletion.deleteAfter)}</p>
              <p>{words.settingsData.deletion.afterwards[strategy]}</p>
              {deletion.goesAlong.map((along) => (
                <p key={along.reason}>{inWords(along)}</p>
              ))}
              <Field
                form={form}
                name="confirmation"
                label={words.settingsData.deletion.confirmation}
                hint={words.settingsData.deletion.confirmationHint(email)}
                type="email"
                autoComplete="off"
                required
              />
              <Submit intent="delete" className="button button-danger">
                {words.settingsData.deletion.button}
              </Submit>
            </Form>
          )}
        </section>
      )}
    </SettingsPage>
  )
}

function bold(text: string) {
  return <strong>{text}</strong>
}
