import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './lib/workspace.ts'

// A new area touches its own folder and the lists of areas. So a shared file that names one is a list, or says here why.

const areas = {
  passkeys: /passkey|webauthn/iu,
  // A new area adds a line: its folder, and its names as code has them.
  organizations: /organi[sz]ation|invitation/iu,
  oauth: /oauth|userIdentity|^identity\./iu,
}

/** Whether a file is an area's own: in a folder of its name, or itself named for it. */
function isOwn(path: string): boolean {
  const folders = path.split('/')
  const file = folders.pop()?.replace(/^user-/u, '') ?? ''
  return Object.entries(areas).some(
    ([area, name]) =>
      folders.some((folder) => [area, `${area}-client`].includes(folder)) || file.search(name) === 0,
  )
}

/** Lists: each area stands there. */
const lists = [
  'generators/src/features/list.ts',
  'packages/core/src/index.ts',
  'packages/core/src/testing/index.ts',
  'packages/dev/src/testing/index.ts',
  'packages/mikro-orm/src/areas.ts',
  'packages/mikro-orm/src/areas/area-mails.ts',
  'packages/mikro-orm/src/areas/run-area-tasks.ts',
  'packages/mikro-orm/src/deletion/run-area-deletions.ts',
  'packages/mikro-orm/src/index.ts',
  'packages/mikro-orm/src/schema/index.ts',
  'packages/mikro-orm/src/testing/area-calls.ts',
  'packages/mikro-orm/src/testing/test-areas.ts',
  'packages/remix/src/schema.ts',
  'packages/remix/src/testing-only/test-areas.ts',
  'packages/worker/src/index.ts',
]

const others: Readonly<Record<string, string>> = {
  'generators/src/golden/golden-states.ts': 'what the playground shows belongs to organizations',
  'generators/src/entity-files.ts': 'to whom rows of an entity belong',
  'generators/src/entity-items.ts': 'to whom rows of an entity belong',
  'generators/src/entity-joints.ts': 'to whom rows of an entity belong',
  'generators/src/guards.ts': 'who sees a page',
  'generators/src/member-page.ts': 'who sees a page',
  'generators/src/plan/refuse-used.ts': 'what entities and pages need',
  'generators/src/plop.ts': 'to whom rows of an entity belong',
  'generators/src/route-items.ts': 'where a page stands',
  'generators/src/state-shape.ts': 'to whom rows of an entity belong',
  'generators/src/state.ts': 'what entities and pages need',
  'generators/src/taken-routes.ts': 'where a page stands',
  'packages/create-sigra-remix/src/options.ts': 'an example in a sentence',
  'packages/dev/src/cli/commands.ts': 'a command of its own',
  'packages/dev/src/host/host-worker.ts': 'what a command of its own calls',
  'packages/core/src/mailed-token.ts': 'what a link is good for is a part of its key',
  'packages/core/src/oauth/oidc.ts': 'a name that no provider may take',
  'packages/dev/src/testing/person.ts': 'what somebody of the test kit can do',
  'packages/dev/src/testing/tested-app.ts': 'what somebody of the test kit can do',
  'packages/mikro-orm/src/addresses/admit-address.ts': 'a way in of which the policy of registration speaks',
  'packages/mikro-orm/src/areas/open-areas.ts': 'an example in a sentence',
  'packages/mikro-orm/src/audit/record-audit-event.ts': 'a column that every line has',
  'packages/mikro-orm/src/deletion/erase-user.ts': 'a column that every account has',
  'packages/mikro-orm/src/door/proof.ts': 'the door opens for what was proven in this file alone',
  'packages/mikro-orm/src/hooks.ts': 'a column that every line has',
  'packages/mikro-orm/src/schema/audit-event.ts': 'a column that every line has',
  'packages/mikro-orm/src/schema/user-known-browser.ts': 'a column that every browser has',
  'packages/mikro-orm/src/schema/user-session.ts': 'a column that every session has',
  'packages/mikro-orm/src/schema/user.ts': 'a column that every account has',
  'packages/mikro-orm/src/sessions/principal.ts': 'what every request says of who is there',
  'packages/mikro-orm/src/testing/held-calls.ts': 'a second step without an authenticator app',
  'packages/mikro-orm/src/testing/race-subjects.ts': 'a column that every browser has',
  'packages/mikro-orm/src/testing/test-belongings.ts': 'everything that somebody attached to an account',
  'packages/mikro-orm/src/testing/test-entities.ts': 'a column that every line has',
  'packages/mikro-orm/src/testing/test-talkative.ts': 'everything that may hold a word of its owner',
  'packages/remix/src/moved-options.ts': 'where an option went that was here before there were areas',
  'packages/remix/src/testing-only/spoken-sentences.ts': 'the numbers of every sentence',
  'packages/remix/src/testing-only/toy-area.ts':
    'an area that needs one, and a column that every session has',
}

/** A test meets what it has to; the model knows everything that an account has; the generator's tests add and remove passkeys. */
const free = /\.test\.tsx?$|\/testing\/model\/|^generators\/src\/testing-only\//u

const shared = globSync(['packages/*/src/**/*.{ts,tsx}', 'generators/src/**/*.ts'], { cwd: root }).filter(
  (path) => !isOwn(path) && !free.test(path),
)

it.each(Object.entries(areas))('shared files do without %s, but for lists', (_, name) => {
  const naming = shared.filter((path) => name.test(code(path)))
  expect(naming.filter((path) => !lists.includes(path) && !Object.hasOwn(others, path))).toEqual([])
})

it('each of these still names an area', () => {
  const named = [...lists, ...Object.keys(others)].filter((path) =>
    Object.values(areas).some((name) => name.test(code(path))),
  )
  expect(named).toEqual([...lists, ...Object.keys(others)])
})

/** Without comments: an example in prose binds nobody. */
function code(path: string): string {
  return readFileSync(join(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gmu, '')
}
