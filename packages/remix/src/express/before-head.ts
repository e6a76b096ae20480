import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AnswerHeaders } from '../request/answer-headers.ts'

type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[]

/** Runs `complete` at the last moment, when whatever answers has set its own headers. */
export function beforeHead(res: ServerResponse, complete: () => void): void {
  const writeHead = res.writeHead
  const completing = function (
    this: ServerResponse,
    ...args: (number | string | GivenHeaders | undefined)[]
  ) {
    const given = args.at(-1)
    const isGiven = typeof given === 'object' && given !== null
    // Headers given here would replace those that are set: they are set too, and completed with the rest.
    if (isGiven) setEach(this, given)
    if (typeof args[0] === 'number') this.statusCode = args[0]
    complete()
    return Reflect.apply(writeHead, this, isGiven ? args.slice(0, -1) : args)
  }
  Object.defineProperty(res, 'writeHead', { value: completing, configurable: true, writable: true })
}

/** The headers of a Node response, in the shape of web ones. */
export function nodeHeaders(res: ServerResponse): AnswerHeaders {
  return {
    get: (name) => {
      const value = res.getHeader(name)
      return value === undefined ? null : String(value)
    },
    set: (name, value) => void res.setHeader(name, value),
    getSetCookie: () => [res.getHeader('Set-Cookie') ?? []].flat().map(String),
    setCookies: (values) => void res.setHeader('Set-Cookie', values),
  }
}

/** A list holds names and values in turn, and a name may come more than once. */
function setEach(res: ServerResponse, given: GivenHeaders): void {
  const pairs = Array.isArray(given)
    ? given.flatMap((name, at) => (at % 2 === 0 ? [[String(name), given[at + 1]] as const] : []))
    : Object.entries(given)
  for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs)
    if (value !== undefined) res.appendHeader(name, typeof value === 'number' ? String(value) : value)
}
