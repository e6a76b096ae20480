import * as fc from 'fast-check'
import { checkWorld } from './check-world.ts'
import { deliver } from './letters.ts'
import { type Browser, count, type Evidence, type Letter, type Person, type World } from './world.ts'

/** What somebody does in a browser. What it may bring is decided from the model, before the flow is asked. */
export interface Step {
  name: string
  /** How often it is chosen where it suits: what is seldom possible is done then. @default 1 */
  weight?: number
  /** Whether it could come to anything here. Sometimes it is tried all the same. */
  suits(scene: Scene): boolean
  /** @returns whether it got its way, and the factor that its notice is about. */
  run(scene: Scene): Promise<Outcome>
}

/** Who does it, where, and how: `pick` decides among whatever there is to choose from. */
export interface Scene {
  world: World
  person: Person
  browser: Browser
  pick: number
}

export type Outcome = boolean | { about: Letter['about'] }

/** Any of these steps that suits where the world stands, as fast-check runs it; now and then one that does not. */
export function commandOf(steps: readonly Step[]): fc.Arbitrary<fc.AsyncCommand<World, World>> {
  const at = {
    person: likely(0, 0, 1),
    browser: likely(0, 0, 0, 1, 1, 2),
    pick: fc.nat(99),
    choice: fc.nat(999),
  }
  return fc.record(at).map(({ person, browser, pick, choice }) => {
    let told = 'not reached'
    return {
      check: () => true,
      run: async (world) => {
        const scene = sceneIn(world, person, browser, pick)
        const suited = steps.filter((step) => choice % 16 === 15 || step.suits(scene))
        const step = choose({ pick: choice }, suited.flatMap(inWeight))
        if (!step) return
        told = `${step.name}(person ${person}, browser ${browser}, ${pick})`
        await take(step, scene)
      },
      toString: () => told,
    }
  })
}

function inWeight(step: Step): Step[] {
  return Array.from({ length: step.weight ?? 1 }, () => step)
}

/** Afterwards the mail is handed out, and everything that must hold is looked at. */
async function take({ name, run }: Step, scene: Scene): Promise<void> {
  const { world, browser } = scene
  const outcome = await run(scene)
  if (outcome !== false) count(world, name)
  await deliver(world, browser, typeof outcome === 'boolean' ? null : outcome.about)
  await checkWorld(world)
}

function sceneIn(world: World, at: number, where: number, pick: number): Scene {
  const [person, browser] = [world.people[at], world.browsers[where]]
  if (!person || !browser) throw new Error('the world has two people and three browsers')
  return { world, person, browser, pick }
}

function likely(...indexes: number[]): fc.Arbitrary<number> {
  return fc.constantFrom(...indexes)
}

/** Steps that may come to something anywhere. */
export const anywhere = (): boolean => true

/** Whether the person has such a letter. */
export function hasLetter(...purposes: Letter['purpose'][]) {
  return (scene: Scene): boolean => chooseLetter(scene, ...purposes) !== undefined
}

/** Whether somebody is signed in there, as far as that. */
export function awaits(...awaited: Evidence['awaiting'][]) {
  return ({ browser: { evidence } }: Scene): boolean =>
    evidence !== null && awaited.includes(evidence.awaiting)
}

/** One of these, by the scene's choice; `undefined` where there is none. */
export function choose<T>({ pick }: Pick<Scene, 'pick'>, from: readonly T[]): T | undefined {
  return from[pick % from.length]
}

/** A letter of this kind, dead ones among them, the newest as often as all others. */
export function chooseLetter(
  { world, person, pick }: Scene,
  ...purposes: Letter['purpose'][]
): Letter | undefined {
  const letters = world.letters.filter(
    ({ purpose, account }) => purposes.includes(purpose) && account === person.account,
  )
  return pick % 2 === 0 ? letters.at(-1) : letters[pick % letters.length]
}
