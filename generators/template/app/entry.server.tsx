import { PassThrough } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { getNonce } from '@sigra/remix/react-router'
import { isbot } from 'isbot'
import { renderToPipeableStream } from 'react-dom/server'
import { ServerRouter, isRouteErrorResponse, type EntryContext } from 'react-router'

// sigra:if mail=in-process
// sigra:+ import { defaultTransport, runWorker } from '@sigra/worker'
// sigra:+ import { mails } from './accounts/emails'
// sigra:end
// sigra:if app=created
import { FailedRequest } from './request-id'
// sigra:end
import { sigra } from './sigra.server'

// server.ts imports no file of the app: what it needs of it arrives with the build.
export { sigra }
// sigra:if mail=in-process

// sigra:+ /** Sends mail from inside the web process. For a process of its own choose `"mail": "queue"` in sigra.json. */
// sigra:+ export const worker = runWorker({
// sigra:+   sigra,
// sigra:+   mails,
// sigra:+   transport: defaultTransport(process.env),
// sigra:+   from: process.env.MAIL_FROM,
// sigra:+   inProcess: true,
// sigra:+ })
// sigra:end

export const streamTimeout = 5_000

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
): Promise<Response> | Response {
  if (request.method === 'HEAD') return new Response(null, { status, headers })

  // The Content-Security-Policy of this answer allows scripts with this nonce and no others.
  const nonce = getNonce(request)
  // sigra:if app=created
  const failedRequestId = entry.staticHandlerContext.errors ? sigra.requestId({ request }) : undefined
  // sigra:end
  const isBot = isbot(request.headers.get('user-agent') ?? '')

  return new Promise((resolve, reject) => {
    let isShellSent = false
    const { pipe, abort } = renderToPipeableStream(
      // sigra:if app=created
      <FailedRequest value={failedRequestId}>
        <ServerRouter context={entry} url={request.url} {...(nonce && { nonce })} />
      </FailedRequest>,
      // sigra:else
      // sigra:+ <ServerRouter context={entry} url={request.url} {...(nonce && { nonce })} />,
      // sigra:end
      {
        nonce,
        [isBot ? 'onAllReady' : 'onShellReady']() {
          isShellSent = true
          const body = new PassThrough({
            final(callback) {
              clearTimeout(timer)
              callback()
            },
          })
          headers.set('Content-Type', 'text/html; charset=utf-8')
          pipe(body)
          resolve(new Response(createReadableStreamFromReadable(body), { status, headers }))
        },
        onShellError: reject,
        onError(error: unknown) {
          status = 500
          // Errors of the shell itself arrive at handleError by the rejection.
          if (isShellSent) handleError(error, { request })
        },
      },
    )
    const timer = setTimeout(abort, streamTimeout + 1_000)
  })
}

/** What a page failed with, under the number that its error page shows. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return
  // Shortened, and with no line break or control character that could forge another line of the log.
  sigra.logFailure({ request }, error)
}
