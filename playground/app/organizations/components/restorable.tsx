import type { RestorableOrganization } from '@sigra/remix/organizations'
import { Form } from '~/accounts/components/form'
import { words } from '~/organizations/words'

/** What its owner can still take back. */
export function Restorable({ organizations }: { organizations: readonly RestorableOrganization[] }) {
  if (organizations.length === 0) return null
  return (
    <section className="section" aria-labelledby="restorable">
      <h2 id="restorable">{words.restorable.title}</h2>
      <ul className="cards">
        {organizations.map(({ id, slug, name, deleteAfter }) => (
          <li key={id} className="card">
            <div>
              <h3>{name}</h3>
              <p className="soft">
                {words.restorable.until(deleteAfter)} · <code>{slug}</code>
              </p>
            </div>
            <Form method="post">
              <input type="hidden" name="organizationId" value={id} />
              <button className="button button-quiet" name="intent" value="restore">
                {words.restorable.restore(hidden, name)}
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
