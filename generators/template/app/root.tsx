import { useEffect, type ReactNode } from 'react'
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  isRouteErrorResponse,
  useRouteLoaderData,
} from 'react-router'
import { sigraMiddleware } from '@sigra/remix/react-router'
import { appName } from './brand'
import { sigra } from './sigra.server'
import stylesheet from './app.css?url'
import type { Route } from './+types/root'

export const middleware: Route.MiddlewareFunction[] = [sigraMiddleware(sigra)]

export const links: Route.LinksFunction = () => [{ rel: 'stylesheet', href: stylesheet }]

export const meta: Route.MetaFunction = () => [{ title: appName }]

export function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <Links />
      </head>
      <body>
        <a className="skip-link" href="#main">
          Skip to the content
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
  const requestId = useRouteLoaderData<{ requestId?: string }>('root')?.requestId
  const status = isRouteErrorResponse(error) ? error.status : 500

  return (
    <main className="error-page" id="main">
      <p className="status">{status}</p>
      <h1>{status === 404 ? 'There is nothing here' : 'Something went wrong'}</h1>
      <p className="soft">
        {status === 404
          ? 'The address may be mistyped, or the page has moved.'
          : 'It is not your doing. Please try again in a moment.'}
      </p>
      {requestId && (
        <p className="soft">
          If you write to us about it, this number helps: <code>{requestId}</code>
        </p>
      )}
      <p>
        <a href="/">Back to the start</a>
      </p>
    </main>
  )
}
