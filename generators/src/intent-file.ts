import type { State } from './state.ts'

/** Path of what people want, in the root of the host. */
export const intentFile = 'sigra.json'

/** What `sigra.json` says: what people want. They may edit it, then run `sigra apply`. */
export function formatIntent(state: State): string {
  const intent = {
    appName: state.appName,
    app: state.app,
    features: state.features,
    ...(state.retired.length === 0 ? {} : { retired: state.retired }),
    ...(Object.keys(state.values).length === 0 ? {} : { values: state.values }),
    names: state.names,
    flags: state.flags,
    routes: state.routes,
    ...(state.entities.length === 0 ? {} : { entities: state.entities }),
  }
  // Short lists stay on one line, as Prettier would have them.
  const text = JSON.stringify(intent, null, 2)
  return `${text.replaceAll(/"(features|retired|fields)": \[[^\]]*\]/gu, (list) => list.replaceAll(/\s+/gu, ' ').replaceAll(/\[ | \]/gu, (end) => end.trim()))}\n`
}
