import { PreconditionFailed } from './errors.ts'
import { parseState, type State } from './state.ts'

/** Path of what people want, in the root of the host. */
export const intentFile = 'sigra.json'

/** What `sigra.json` says: what people want. They may edit it, then run `sigra apply`. */
export function formatIntent(state: State): string {
  const intent = {
    appName: state.appName,
    app: state.app,
    features: state.features,
    names: state.names,
    flags: state.flags,
    routes: state.routes,
  }
  // Short lists stay on one line, as Prettier would have them.
  const features = `"features": ${JSON.stringify(state.features).replaceAll(',', ', ')}`
  return `${JSON.stringify(intent, null, 2).replace(/"features": \[[^\]]*\]/u, features)}\n`
}

/** Reads `sigra.json`. @throws {PreconditionFailed} naming what is wrong. @throws {UsageInvalid} for unusable names. */
export function parseIntent(text: string, version: string): State {
  const value = parseJson(text, intentFile)
  return parseState(typeof value === 'object' && value !== null ? { ...value, version } : value, intentFile)
}

/** @throws {PreconditionFailed} */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PreconditionFailed(`${file} is not valid JSON. Mend it, or take it back from version control.`)
  }
}
