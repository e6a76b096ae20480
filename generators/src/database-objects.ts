import type { OptionalFeature } from './features.ts'
import { sortFeatures } from './features.ts'
import { render } from './render.ts'
import type { State } from './state.ts'

/** Lines of a migration that no metadata says: triggers, functions, rights. */
export interface DatabaseObjects {
  /** At the end of `up`, after the tables. */
  up: string
  /** At the end of `down`; what is left once the tables are gone. */
  down: string
}

// The same words as in the templates' migrations.
const upMarker = '    // What MikroORM has no words for.'
const downLine = /^ *this\.addSql\(`drop function .*$/gmu

/** Those in the text of a migration; `null` where there are none. */
export function databaseObjectsIn(text: string): DatabaseObjects | null {
  const start = text.indexOf(upMarker)
  if (start === -1) return null
  const up = text.slice(start, text.indexOf('\n  }\n', start))
  return { up, down: [...text.matchAll(downLine)].map(([line]) => line).join('\n') }
}

/** Those of a feature, by the names that an app has; `null` where it needs none. */
export function databaseObjectsOf(state: State, feature: OptionalFeature): DatabaseObjects | null {
  const whole = render({ ...state, app: 'created', features: sortFeatures([...state.features, feature]) })
  const [, text = ''] =
    [...whole].find(([path]) => path.startsWith('migrations/') && path.endsWith(`_${feature}.ts`)) ?? []
  return databaseObjectsIn(text)
}
