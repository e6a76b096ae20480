import type { NodeErrorMiddleware } from './sigra-express.ts'

/** As much of Vite's development server as is needed. */
export interface StackFixer {
  ssrFixStacktrace(error: Error): void
}

/**
 * For development, last of all: the overlay that Vite would show, for an app that does not even load. It goes away with
 * the mistake.
 */
export function showInBrowser(vite: StackFixer): NodeErrorMiddleware {
  return (thrown, _req, res, next) => {
    if (res.headersSent) return next(thrown)
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    if (thrown instanceof Error) vite.ssrFixStacktrace(error)
    // oxlint-disable-next-line no-console -- for the terminal of whoever develops: Vite would print it too
    console.error(thrown)
    const { message, stack } = error
    const details = JSON.stringify({ message, stack }).replaceAll('<', String.raw`\u003c`)
    res.statusCode = 500
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.end(`<!doctype html><title>Error</title><body><script type="module">
import '/@vite/client'
import { ErrorOverlay } from '/@vite/client'
document.body.append(new ErrorOverlay(${details}))
</script>`)
  }
}
