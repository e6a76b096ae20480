import { entityFile, type EntityItem, parseField, subjectOf } from './entity-items.ts'
import { addEntry, addImport, addNamed, readEntries } from './joint-entries.ts'
import type { State } from './state.ts'

/**
 * What the entities of an app add to the lists of a file: to MikroORM's, to what becomes of rows in a deletion, and to the
 * permissions and roles of its organizations.
 *
 * @param path Of the template. @param text As this app has it, with its names.
 * @throws {TemplateInvalid} when a list is not there.
 */
export function addEntities(path: string, text: string, { entities }: Pick<State, 'entities'>): string {
  const join = joints[path]
  return join === undefined ? text : entities.reduce((done, item) => join(done, item, path), text)
}

type Joint = (text: string, item: EntityItem, path: string) => string

const joints: Readonly<Record<string, Joint>> = {
  'app/accounts/entities/index.ts': (text, { name }, path) =>
    addEntry(addImport(text, path, { name, from: fromFolder({ name }, '../../') }), path, 'all', name),
  'app/account-data.ts': (text, item, path) => (item.owner === 'user' ? addOwned(text, item, path) : text),
  'app/organizations/organization-data.ts': (text, item, path) =>
    item.owner === 'organization' ? addOwned(text, item, path) : text,
  'app/organizations/organizations.config.ts': (text, item, path) => {
    if (item.owner !== 'organization') return text
    const subject = subjectOf(item)
    const permissions = [`'${subject}:read'`, `'${subject}:write'`]
    const known = permissions.reduce((done, each) => addEntry(done, path, '/permissions', each), text)
    return ['/admin', '/member'].reduce((done, role) => allow(done, path, { role, subject }), known)
  },
}

/** Gives a role what it lacks of a subject: everything, or writing where it reads already. */
function allow(text: string, path: string, { role, subject }: { role: string; subject: string }): string {
  const reads = readEntries(text, path, role).includes(`'${subject}:read'`)
  return addEntry(text, path, role, reads ? `'${subject}:write'` : `'${subject}:*'`)
}

/** A line of `accountTable` or `organizationTable`. */
function addOwned(text: string, { name, owner, fields }: EntityItem, path: string): string {
  const isShared = owner === 'organization'
  const call = isShared ? 'organizationTable' : 'accountTable'
  const exported = ['id', ...fields.map((field) => parseField(field).name)].join(', ')
  const plan = `${isShared ? '' : "owner: 'user', "}export: ({ ${exported} }) => ({ ${exported} }), onDelete: 'delete'`
  const from = fromFolder({ name }, isShared ? '../' : './')
  const library = isShared ? '@sigra/remix/organizations' : '@sigra/remix'
  const withImports = addImport(addNamed(text, path, { name: call, from: library }), path, { name, from })
  return addEntry(
    withImports,
    path,
    isShared ? 'organizationData' : '/tables',
    `${call}(${name}, { ${plan} })`,
  )
}

function fromFolder(item: Pick<EntityItem, 'name'>, up: string): string {
  return up + entityFile(item).slice('app/'.length)
}
