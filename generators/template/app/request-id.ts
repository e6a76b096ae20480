import { createContext, useContext } from 'react'
import { useLocation } from 'react-router'

/** The number of the request that failed, from entry.server.tsx while it renders the error page. */
export const FailedRequest = createContext<string | undefined>(undefined)

/**
 * The number that the log line has. No loader can bring it: after a failed action the root loader does not run.
 *
 * @returns `undefined` where the document itself did not fail, and from the next page on: what fails there is another
 *   request.
 */
export function useFailedRequestId(): string | undefined {
  const known = useContext(FailedRequest)
  const { key } = useLocation()
  if (typeof document === 'undefined') return known
  return isOfDocument(key) ? document.documentElement.dataset.requestId : undefined
}

let documentKey: string | undefined

/** The browser loaded its document for the first location that is rendered in it. */
function isOfDocument(key: string): boolean {
  documentKey ??= key
  return key === documentKey
}
