// sigra:file organizations
import type { OwnInvitation } from '@sigra/remix/organizations'
import { Form } from '~/accounts/components/form'
import { roleName, words } from '~/organizations/words'

/** What somebody was invited to, and has not answered. */
export function OwnInvitations({ invitations }: { invitations: readonly OwnInvitation[] }) {
  if (invitations.length === 0) return null
  return (
    <section className="section" aria-labelledby="invitations">
      <h2 id="invitations">{words.ownInvitations.title}</h2>
      <ul className="cards">
        {invitations.map(({ id, organization, role, expiresAt }) => (
          <li key={id} className="card">
            <div>
              <h3>{organization}</h3>
              <p className="soft">{words.ownInvitations.facts(roleName(role), expiresAt)}</p>
            </div>
            <Form method="post" className="actions">
              <input type="hidden" name="invitationId" value={id} />
              <button className="button button-quiet" name="intent" value="accept">
                {words.ownInvitations.accept(hidden, organization)}
              </button>
              <button className="button button-quiet" name="intent" value="decline">
                {words.ownInvitations.decline(hidden, organization)}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  )
}

function hidden(text: string) {
  return <span className="visually-hidden">{text}</span>
}
