import { defaultFeatures, optionalFeatures } from '../features.ts'
import { createState, defaultFlags, type State } from '../state.ts'
import { generatorVersion } from '../version.ts'

const appName = 'Playground'

/** The default output, against which the others are told. */
export const defaultState = createState({ version: generatorVersion, appName })

/** The same with what `npx plop sigra:entity` and `sigra:route` were asked for: what the playground is made of. */
export const playgroundState = createState({
  ...defaultState,
  entities: [{ name: 'Project', owner: 'organization', fields: ['name:string(100)'] }],
  routes: [{ name: 'projects', guard: 'member' }],
})

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
