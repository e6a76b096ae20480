import { createContext, useContext } from 'react'

/** The number of the request that failed, from entry.server.tsx while it renders the error page. */
export const FailedRequest = createContext<string | undefined>(undefined)

/**
 * The number that the log line has. No loader can bring it: after a failed action the root loader does not run.
 *
 * @returns `undefined` where the document itself did not fail.
 */
export function useFailedRequestId(): string | undefined {
  const known = useContext(FailedRequest)
  return typeof document === 'undefined' ? known : document.documentElement.dataset.requestId
}
