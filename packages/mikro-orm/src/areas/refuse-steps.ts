import { ConfigInvalid } from '@sigra/core'
import { type AccountPaths, routesOf } from '../account-paths.ts'
import { doorSteps } from '../sessions/sign-in-steps.ts'
import type { OpenArea } from './area.ts'

const OWN = 'the log-in of accounts'

/**
 * A session waits for a step by its name, flows answer its outcome, and people are sent to its page: each belongs to one
 * step, and the page is a route.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a step or an outcome that two have, and for a step without a route.
 */
export function refuseSteps(app: { areas: readonly OpenArea[]; paths: AccountPaths }): void {
  const names = new Map(Object.keys(doorSteps).map((name) => [name, OWN]))
  const outcomes = new Map(
    ['signed-in', ...Object.values(doorSteps).map(({ outcome }) => outcome)].map((outcome) => [outcome, OWN]),
  )
  for (const { declaration, steps = [] } of app.areas) {
    for (const { name, outcome, page, below = '' } of steps) {
      claim(names, name, declaration.name, `has a step "${name}"`)
      claim(outcomes, outcome, declaration.name, `answers "${outcome}" for a step`)
      if (routesOf(app, page).includes(app.paths[page] + below)) continue
      throw new ConfigInvalid(
        `${declaration.name}: its step "${name}" is done at ${app.paths[page] + below}, which is no route: add "${below}" to below.${page} of its declaration`,
      )
    }
  }
}

function claim(owners: Map<string, string>, key: string, area: string, sentence: string): void {
  const owner = owners.get(key)
  if (owner !== undefined)
    throw new ConfigInvalid(
      `areas: ${area} ${sentence}${owner === area ? ' twice' : `, which ${owner} has already`}`,
    )
  owners.set(key, area)
}
