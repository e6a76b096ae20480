import { useEffect, type ReactNode } from 'react'
import { Link, Links, Meta, Outlet, Scripts, ScrollRestoration, isRouteErrorResponse } from 'react-router'
// sigra:if accounts
import { sigraMiddleware } from '@sigra/remix/react-router'
import { loadBar } from './accounts/bar-items.server'
// sigra:end
import { CopyButton } from './accounts/components/copy-button'
import { EntryPage } from './accounts/components/entry-page'
import { appName } from './brand'
import { useFailedRequestId } from './request-id'
// sigra:if accounts
import { sigra } from './sigra.server'
// sigra:end
import { words } from './words'
import stylesheet from './app.css?url'
import type { Route } from './+types/root'

// sigra:if accounts
export const middleware: Route.MiddlewareFunction[] = [sigraMiddleware(sigra)]

export const loader = (args: Route.LoaderArgs) => loadBar(args)

// sigra:end
export const links: Route.LinksFunction = () => [
  { rel: 'stylesheet', href: stylesheet },
  { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' },
]

export const meta: Route.MetaFunction = ({ error }) => [{ title: error ? wordsOf(error)[0] : appName }]

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang={words.language} data-request-id={useFailedRequestId()}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        {/* Styles come from our own origin and need no nonce. With one, React would miss it: browsers hide it. */}
        <Links nonce="" />
      </head>
      <body>
        <a className="skip-link" href="#main">
          {words.skip}
        </a>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  )
}

export default function App() {
  useEffect(reloadWhenRestored, [])
  return <Outlet />
}

/** The back button may show a page from before log-out, out of the browser's memory: ask the server again. */
function reloadWhenRestored(): () => void {
  const onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) window.location.reload()
  }
  window.addEventListener('pageshow', onPageShow)
  return () => window.removeEventListener('pageshow', onPageShow)
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const [title, intro] = wordsOf(error)
  const failedRequestId = useFailedRequestId()
  const requestId = requestIdOf(error) ?? failedRequestId

  return (
    <EntryPage title={title} intro={intro}>
      <Link className="button" to="/" reloadDocument>
        {words.errorBack}
      </Link>
      {statusOf(error) >= 500 && requestId && (
        <>
          <p className="soft">
            {words.errorId(
              (text) => (
                <code>{text}</code>
              ),
              requestId,
            )}
          </p>
          <div className="actions">
            <CopyButton text={requestId} />
          </div>
        </>
      )}
      {import.meta.env.DEV && error instanceof Error && <pre className="stack">{error.stack}</pre>}
    </EntryPage>
  )
}

function statusOf(error: unknown): number {
  return isRouteErrorResponse(error) ? error.status : 500
}

/** The title and the text of a page that failed. */
function wordsOf(error: unknown): readonly [string, string] {
  const status = statusOf(error)
  const { errors } = words
  return isKnown(status) ? errors[status] : errors[status < 500 ? 400 : 500]
}

function isKnown(status: number): status is keyof typeof words.errors {
  return Object.hasOwn(words.errors, status)
}

/** What could not be decided, with the database away for example, brings the number of its own request. */
function requestIdOf(error: unknown): string | undefined {
  return isRouteErrorResponse(error) ? error.data?.requestId : undefined
}
