import { z } from 'zod'
import { PreconditionFailed } from './errors.ts'
import { features, isOptionalFeature } from './features.ts'
import { guards } from './guards.ts'
import { readShape } from './read-shape.ts'
import { createState, flagValues, type State } from './state.ts'

/** What `sigra.json` and the lock file say about an app. */
const stateShape = z.object({
  version: z.string(),
  appName: z.string(),
  app: z.enum(['created', 'existing']),
  features: z.array(z.enum(features)),
  retired: z.array(z.enum(features.filter(isOptionalFeature))).default([]),
  values: z.record(z.string(), z.array(z.string())).default({}),
  names: z.object({ context: z.string(), entity: z.string(), table: z.string() }),
  flags: z.object({
    id: z.enum(flagValues.id),
    mail: z.enum(flagValues.mail),
    db: z.enum(flagValues.db),
    pm: z.enum(flagValues.pm),
  }),
  routes: z.array(z.object({ name: z.string(), guard: z.enum(guards) })),
  entities: z
    .array(
      z.object({ name: z.string(), owner: z.enum(['organization', 'user']), fields: z.array(z.string()) }),
    )
    .default([]),
})

/**
 * Reads what a file says about an app.
 *
 * @throws {PreconditionFailed} naming the key that is wrong.
 * @throws {UsageInvalid} for unusable names.
 */
export function parseState(value: unknown, file: string): State {
  const reading = readShape(stateShape, value)
  if (!reading.ok) throw new PreconditionFailed(`${file}: ${reading.problem}.`)
  return createState(reading.value)
}
