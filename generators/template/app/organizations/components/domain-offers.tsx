// sigra:file organizations
import type { DomainOffer } from '@sigra/remix/organizations'
import { Form } from '~/accounts/components/form'
import { hidden } from '~/accounts/hidden'
import { words } from '~/organizations/words'

/** Organizations that somebody may join by the domain of their email address. */
export function DomainOffers({ offers }: { offers: readonly DomainOffer[] }) {
  if (offers.length === 0) return null
  return (
    <section className="section" aria-labelledby="offers">
      <h2 id="offers">{words.offers.title}</h2>
      <ul className="cards">
        {offers.map(({ organizationId, name, domain }) => (
          <li key={organizationId} className="card">
            <div>
              <h3>{name}</h3>
              <p className="soft">{words.offers.because(domain)}</p>
            </div>
            <Form method="post">
              <input type="hidden" name="organizationId" value={organizationId} />
              <button className="button button-quiet" name="intent" value="join">
                {words.offers.join(hidden, name)}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  )
}
