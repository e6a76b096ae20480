import { Link } from 'react-router'
import { EntryPage } from '~/accounts/components/entry-page'
import { AddPasskey } from '~/passkeys/components/add-passkey'
import { passkeys } from '~/passkeys/passkeys.server'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/add-passkey'

export async function loader(args: Route.LoaderArgs) {
  await requireUser(args)
  // Whatever stands in the URL: a page of this app, or the start page.
  const next = sigra.landingPath(args.url.searchParams.get('redirectTo'))
  const hasOne = (await passkeys.listUserPasskeys(args)).length > 0
  if (hasOne || !passkeys.policy.offer) throw sigra.redirect(args, next)
  return { next }
}

export const meta: Route.MetaFunction = () => [{ title: words.add }]

export default function OfferPasskey({ loaderData: { next } }: Route.ComponentProps) {
  return (
    <EntryPage title={words.offer.title} intro={words.offer.intro} footer={<p>{words.offer.later}</p>}>
      <div className="form">
        <AddPasskey path={`${paths.settingsMfa}/passkeys`} redirectTo={next} />
        <Link to={next} className="button button-quiet" reloadDocument>
          {words.offer.notNow}
        </Link>
      </div>
    </EntryPage>
  )
}
