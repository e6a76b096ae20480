import type { FormReply } from '@sigra/remix/conform'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { words } from '~/organizations/words'
import { Shown } from './shown'

interface DeleteOrganizationProps {
  form: FormReply | undefined
  organization: { id: string; slug: string }
  /** What has to be over first. */
  blocker: string | null
  /** Until then an owner could take it back. */
  restorableUntil: Date
}

/** Whoever types its name has read which one it is: a single press would be too little. */
export function DeleteOrganization({
  form,
  organization,
  blocker,
  restorableUntil,
}: DeleteOrganizationProps) {
  const said = words.settings.delete
  return (
    <section className="section" aria-labelledby="delete">
      <h2 id="delete">{said.title}</h2>
      {blocker ? (
        <p>{blocker}</p>
      ) : (
        <Form method="post" className="form panel">
          <Shown organization={organization} />
          <FormAlert form={form} />
          <p>{said.text}</p>
          <p>{said.until(bold, restorableUntil)}</p>
          <Field
            form={form}
            name="confirmation"
            label={said.confirmation(organization.slug)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={48}
            required
          />
          <Submit intent="delete" className="button button-danger">
            {said.button}
          </Submit>
        </Form>
      )}
    </section>
  )
}

function bold(text: string) {
  return <strong>{text}</strong>
}
