import { type EntityField, type EntityItem, parseField, tableOf } from './entity-items.ts'
import { type Renamer, toKebab } from './names.ts'
import type { Flags } from './state.ts'

/** An entity that is scoped: whose filter and index, key and relation are those of this app. */
export function renderEntity(item: EntityItem, id: Flags['id'], renamer: Renamer): string {
  const { name, owner, fields } = item
  const key = id === 'uuid' ? 'uuidKey' : 'bigintKey'
  const isShared = owner === 'organization'
  const ours = isShared ? [key, 'organizationFilter'].toSorted().join(', ') : key
  const target = ownerClass(owner, renamer)
  return `import { defineEntity, p } from '@mikro-orm/core'
import { ${ours} } from '@sigra/remix/schema'
import { ${target} } from '${ownerModule(owner, renamer, '..')}'

const ${name}Schema = defineEntity({
  name: '${name}',
  tableName: '${tableOf(item)}',
  properties: {
    id: ${key}(),
    ${owner}: () => p.manyToOne(${target}),
    ${fields.map((field) => `${parseField(field).name}: ${columnOf(parseField(field))},`).join('\n    ')}
  },
  indexes: [{ properties: ['${owner}', 'id'] }],${isShared ? '\n  filters: organizationFilter,' : ''}
})

${isShared ? sharedComment : ''}export class ${name} extends ${name}Schema.class {}

${name}Schema.setClass(${name})
`
}

const sharedComment = `/** Read and written by \`forOrganization(scope)\`: without a scope it throws, and shows nobody another organization's rows. */
`

/** What holds the scope of an entity: nobody else sees, changes or removes a row. */
export function renderEntityTest(item: EntityItem, renamer: Renamer): string {
  const { name, owner } = item
  const module = `../app/entities/${toKebab(name)}.ts`
  return owner === 'organization' ? sharedTest(item, module) : personalTest(item, module, renamer)
}

function sharedTest({ name, fields }: EntityItem, module: string): string {
  const values = `{ ${sampleOf(fields)} }`
  return `import { createOrganization, organizationRows } from '@sigra/dev/testing'
import { expect, it } from 'vitest'
import { ${name} } from '${module}'
import { orm, sigra } from '../app/sigra.server.ts'
import { createPerson } from './support/app.ts'

const sample = ${values}

async function createRows() {
  return organizationRows(sigra, await createOrganization(sigra, { owner: await createPerson() }))
}

it('is of one organization: another one neither sees nor changes nor removes it', async () => {
  const [ours, theirs] = [await createRows(), await createRows()]
  const { id } = await ours.insert(${name}, sample)
  expect(await theirs.find(${name}, {})).toEqual([])
  expect(await theirs.findOne(${name}, { id })).toBeNull()
  expect(await theirs.update(${name}, { id }, sample)).toBe(0)
  expect(await theirs.delete(${name}, { id })).toBe(0)
  expect(await ours.find(${name}, {})).toMatchObject([{ id, ...sample }])
})

it('is read by nobody who forgets the scope', async () => {
  const em = orm.em.fork()
  await expect(em.find(${name}, {})).rejects.toThrow(/filter 'organization'/)
  await expect(em.nativeDelete(${name}, {})).rejects.toThrow(/filter 'organization'/)
})
`
}

function personalTest({ name, fields }: EntityItem, module: string, renamer: Renamer): string {
  const user = renamer.identifier('User') ?? 'User'
  return `import { expect, it } from 'vitest'
import { ${name} } from '${module}'
import { orm } from '../app/sigra.server.ts'
import { createPerson } from './support/app.ts'

const sample = { ${sampleOf(fields)} }

it('is of one person', async () => {
  const [ada, bob] = [await createPerson(), await createPerson()]
  const em = orm.em.fork()
  await em.persist(em.create(${name}, { ...sample, user: ada.id })).flush()
  expect(await em.find(${name}, { user: bob.id })).toEqual([])
  expect(await em.find(${name}, { user: ada.id })).toMatchObject([sample])
})
`.replaceAll('User', user)
}

/** By whose class the owner goes in this app. */
function ownerClass(owner: EntityItem['owner'], renamer: Renamer): string {
  return owner === 'organization' ? 'Organization' : (renamer.identifier('User') ?? 'User')
}

function ownerModule(owner: EntityItem['owner'], renamer: Renamer, from: string): string {
  const path =
    owner === 'organization'
      ? 'app/organizations/entities/organization.ts'
      : renamer.path('app/accounts/entities/user.ts')
  return path.replace(/^app/u, from)
}

function columnOf({ type, length, isOptional }: EntityField): string {
  const column = type === 'string' ? `p.string().length(${length})` : `p.${type}()`
  return isOptional ? `${column}.nullable()` : column
}

/** A value for each field, as source. */
export function sampleOf(fields: readonly string[]): string {
  return fields
    .map(parseField)
    .map((field) => `${field.name}: ${sampleValue(field)}`)
    .join(', ')
}

function sampleValue({ type, length }: EntityField): string {
  switch (type) {
    case 'integer':
      return '7'
    case 'boolean':
      return 'true'
    case 'date':
      return "'2026-12-31'"
    default:
      return `'${sampleText.slice(0, type === 'string' ? length : undefined)}'`
  }
}

export const sampleText = 'A quiet river'
