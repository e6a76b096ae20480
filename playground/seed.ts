// People who work together, for trying things out: `npx sigra db:seed`. Everybody can read their password here, so production
// refuses to start on a database that holds confirmed users of seed.example.
import { ensureOrganization, ensurePerson, type Person } from '@sigra/dev/testing'
import { Project } from './app/entities/project.ts'
import { organizations as area } from './app/organizations/organizations.config.ts'
import { sigra } from './app/sigra.server.ts'

const password = 'paper boats on the pond'

const names = [
  'ada',
  'grace',
  'linus',
  'barbara',
  'donald',
  'edsger',
  'frances',
  'margaret',
  'radia',
] as const
type Name = (typeof names)[number]

interface Team {
  name: string
  slug: string
  owner: Name
  admins: readonly Name[]
  members: readonly Name[]
  invited: readonly Name[]
  projects: readonly string[]
  archived?: readonly string[]
}

const teams: readonly Team[] = [
  {
    name: 'Analytical Engines',
    slug: 'analytical-engines',
    owner: 'ada',
    admins: ['grace'],
    members: ['linus', 'edsger'],
    invited: ['frances'],
    projects: ['Difference Engine', 'Notes on Bernoulli numbers', 'Punched cards'],
    archived: ['Weaving patterns'],
  },
  {
    name: 'Moonshot',
    slug: 'moonshot',
    owner: 'margaret',
    admins: ['ada'],
    members: ['barbara', 'donald'],
    invited: ['grace'],
    projects: ['Guidance computer', 'Priority displays'],
  },
  // Nobody but its owner is in it, and nothing is there yet.
  {
    name: 'Spanning Tree',
    slug: 'spanning-tree',
    owner: 'radia',
    admins: [],
    members: [],
    invited: ['edsger'],
    projects: [],
  },
]

const people = new Map<Name, Person>()
for (const name of names)
  people.set(name, await ensurePerson(sigra, { email: `${name}@seed.example`, password }))
const leaving = await ensurePerson(sigra, {
  email: 'niklaus@seed.example',
  password,
  state: 'scheduled-for-deletion',
})
for (const team of teams) await makeTeam(team)

console.log(`
Everybody's password is: ${password}

${teams.map(describe).join('\n')}
  Also there: ${leaving.email} asked for the account to be deleted, and can still keep it.

Log in as ada@seed.example at /users/log-in, and look at /organizations/analytical-engines/projects.
Log in as linus@seed.example to see what a member may not do. Invitations are in the mailbox, /dev/mailbox.`)

await sigra.close()

/** Once: where there is such an organization, it stays as it is by now. */
async function makeTeam({
  name,
  slug,
  owner,
  admins,
  members,
  invited,
  projects,
  archived = [],
}: Team): Promise<void> {
  const organization = await ensureOrganization(sigra, { owner: person(owner), name, slug })
  if (organization === null) return
  for (const each of admins) await person(each).joins(organization, 'admin')
  for (const each of members) await person(each).joins(organization, 'member')
  for (const each of invited) await person(each).isInvitedTo(organization)

  const em = sigra.area(area).acrossOrganizations('demo projects, which nobody is logged in to make')
  const by = { organization: organization.id, createdBy: person(owner).id }
  for (const project of projects) em.create(Project, { ...by, name: project })
  for (const project of archived) em.create(Project, { ...by, name: project, archivedAt: new Date() })
  await em.flush()
}

function person(name: Name): Person {
  const found = people.get(name)
  if (found === undefined) throw new Error(`${name} is not in the list of names.`)
  return found
}

function describe({ name, owner, admins, members, invited }: Team): string {
  const roles = [
    `${owner} owns it`,
    admins.length > 0 && `${admins.join(', ')}: admin`,
    members.length > 0 && `${members.join(', ')}: member`,
    invited.length > 0 && `${invited.join(', ')}: invited`,
  ]
  return `  ${name}: ${roles.filter(Boolean).join('; ')}`
}
