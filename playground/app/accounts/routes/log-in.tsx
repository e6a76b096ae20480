import { Link, data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { goOn } from '~/accounts/after-log-in.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { loadEach } from '~/accounts/load-each.server'
import { refuse } from '~/accounts/refuse.server'
import { LogInSchema } from '~/accounts/schemas'
import type { SignInWay } from '~/accounts/sign-in-ways'
import { withRedirectTo } from '~/accounts/with-redirect-to'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireAnonymous, sigra } from '~/sigra.server'
import { signInWays } from '~/sign-in-ways'
import { signInWayLoads } from '~/sign-in-ways.server'
import type { Route } from './+types/log-in'

const CONFIRM = paths.confirm

export async function loader(args: Route.LoaderArgs) {
  await requireAnonymous(args)
  const notice = await sigra.flash.read(args)
  const email = await sigra.typedEmail.read(args)
  const redirectTo = args.url.searchParams.get('redirectTo')
  const confirmPath = withRedirectTo(CONFIRM, redirectTo)
  return {
    notice,
    email,
    confirmPath: email === undefined ? confirmPath : sigra.typedEmail.carry(args, confirmPath, email),
    redirectTo,
    canRegister: sigra.policy.registration.mode !== 'closed',
    ways: await loadEach(signInWayLoads, (load) => load(args)),
  }
}

export async function action(args: Route.ActionArgs) {
  const form = await parseForm(args, LogInSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  if (form.value.intent === 'magic-link') {
    const sent = await accounts.deliverUserLogInInstructions(args, form.value)
    if (!sent.ok) return refuse(form, sent)
    // The same words for every address.
    return sigra.redirect(args, `${paths.logIn}/continue`, {
      flash: 'magic-link-sent',
      email: form.value.email,
    })
  }

  const result = await accounts.logInUser(args, form.value)
  if (result.ok) return goOn(args, result, form.value.device) // to a checked redirectTo, or to what comes before it
  if (result.reason !== 'invalid-credentials') return refuse(form, result)

  const { email, redirectTo } = form.value
  const confirmPath = sigra.typedEmail.carry(args, withRedirectTo(CONFIRM, redirectTo), email)
  // One answer for every failure: this form must not tell who has an account.
  return data({ form: form.reply({ reason: 'invalid-credentials' }), confirmPath }, { status: 400 })
}

export const meta: Route.MetaFunction = () => [{ title: words.logIn.title }]

export default function LogIn({ actionData, loaderData }: Route.ComponentProps) {
  const form = actionData?.form
  const { ways, email, redirectTo, confirmPath, canRegister, notice } = loaderData
  const offered = Object.entries<SignInWay>(signInWays).filter(([id]) => ways[id])
  const first = offered.find(([id]) => ways[id]?.isPreferred) ?? offered[0]
  const autoComplete = ['username', ...offered.flatMap(([, way]) => way.autoComplete ?? [])].join(' ')
  return (
    <EntryPage
      title={words.logIn.title}
      cover={words.logIn.cover}
      notice={form ? null : notice}
      footer={
        <>
          {canRegister && (
            <p>
              {words.logIn.register((text) => (
                <Link to={withRedirectTo(paths.register, redirectTo)}>{text}</Link>
              ))}
            </p>
          )}
          <p>
            {words.logIn.confirm((text) => (
              <Link to={confirmPath}>{text}</Link>
            ))}
          </p>
        </>
      }
    >
      {/* Who is signed in changes everything on screen: the browser loads the next page anew. */}
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form}>
          {actionData &&
            'confirmPath' in actionData &&
            words.logIn.confirmFirst((text) => <Link to={String(actionData.confirmPath)}>{text}</Link>)}
        </FormAlert>
        {redirectTo && <input type="hidden" name="redirectTo" value={redirectTo} />}
        {/* The one that was used in this browser before comes first. */}
        {[...new Set(first ? [first, ...offered] : [])].map(([id, { Way }]) => (
          <Way key={id} {...{ form, email, autoComplete, redirectTo }} isFirst={id === first?.[0]} />
        ))}
      </Form>
    </EntryPage>
  )
}
