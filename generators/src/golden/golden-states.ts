import { defaultFeatures, optionalFeatures } from '../features.ts'
import { createState, defaultFlags, type State } from '../state.ts'
import { generatorVersion } from '../version.ts'

const appName = 'Playground'

/** The default output: what the playground is made of, and what the others are told against. */
export const defaultState = createState({ version: generatorVersion, appName })

/** Other states that are reviewed like code, each kept as what differs from the default output, by the name of its files. */
export const goldenStates: Readonly<Record<string, State>> = {
  'bigint-in-process': createState({
    version: generatorVersion,
    appName,
    flags: { ...defaultFlags, id: 'bigint', mail: 'in-process' },
  }),
  existing: createState({ version: generatorVersion, appName, app: 'existing' }),
  ...Object.fromEntries(optionalFeatures.map(switchOne)),
}

/** The default with one feature more or less. */
function switchOne({ name, isDefault }: (typeof optionalFeatures)[number]): [string, State] {
  const others = defaultFeatures.filter((feature) => feature !== name)
  const features = isDefault ? others : [...others, name]
  return [
    `${isDefault ? 'no' : 'with'}-${name}`,
    createState({ version: generatorVersion, appName, features }),
  ]
}
