import { UsageInvalid } from './errors.ts'
import { toKebab, toSnake } from './names.ts'
import { refuseUnless } from './refuse-unless.ts'
import { parseModule } from './syntax.ts'

/** Whose the rows of an entity are. */
export type EntityOwner = 'organization' | 'user'

/** An entity added with `npx plop sigra:entity`: `Project` → `app/entities/project.ts`. */
export interface EntityItem {
  name: string
  owner: EntityOwner
  /** As they were written: `name:string(100)`, `due:date?`. */
  fields: readonly string[]
}

/** A column of an entity. */
export interface EntityField {
  name: string
  type: (typeof fieldTypes)[number]
  /** Of a `string`. */
  length: number
  isOptional: boolean
}

export const fieldTypes = ['string', 'text', 'integer', 'boolean', 'date'] as const

const DEFAULT_LENGTH = 255
const MAX_NAME_LENGTH = 30 // leaves room for `_organization_id_foreign` below PostgreSQL's 63

/** What every entity has beside its fields. */
const ownNames = new Set(['id', 'organization', 'user', 'intent'])

/** Names of JavaScript's own, which a class of the app would hide. */
const globals = new Set([
  'Object',
  'Array',
  'String',
  'Number',
  'Boolean',
  'Date',
  'Map',
  'Set',
  'Error',
  'Promise',
  'Record',
  'Symbol',
  'Function',
  'Request',
  'Response',
  'Form',
  'Field',
  'Submit',
  'Route',
])

/** @throws {UsageInvalid} with an example of what is accepted. */
export function checkEntity({ name, fields }: EntityItem): void {
  const isName = /^[A-Z][A-Za-z0-9]*$/u.test(name) && name.length <= MAX_NAME_LENGTH
  refuseUnless(
    isName && !globals.has(name),
    `“${name}” cannot name an entity; write it like Project or TeamNote.`,
  )
  refuseUnless(
    fields.length > 0,
    `${name} needs a field; write them like --fields "name:string(100) done:boolean".`,
  )
  const names = fields.map((field) => parseField(field).name)
  const twice = names.find((each, index) => names.indexOf(each) !== index)
  refuseUnless(twice === undefined, `“${twice}” is a field of ${name} twice.`)
}

/** @throws {UsageInvalid} for what is no field. */
export function parseField(text: string): EntityField {
  const [, name = '', word = '', length, mark] = /^(\w+):([a-z]+)(?:\((\d{1,5})\))?(\?)?$/u.exec(text) ?? []
  const type = fieldTypes.find((each) => each === word)
  const isName = /^[a-z][A-Za-z0-9]{0,29}$/u.test(name) && !ownNames.has(name) && isIdentifier(name)
  if (type === undefined || !isName || (length !== undefined && type !== 'string') || Number(length) < 1)
    throw refusal(text)
  return {
    name,
    type,
    length: length === undefined ? DEFAULT_LENGTH : Number(length),
    isOptional: mark === '?',
  }
}

/** `--fields "name:string(100) done:boolean"`, with commas or without. */
export function splitFields(text: string): string[] {
  return text.split(/[\s,]+/u).filter((part) => part !== '')
}

/** Where an entity stands: `app/entities/team-note.ts`. */
export function entityFile({ name }: Pick<EntityItem, 'name'>): string {
  return `app/entities/${toKebab(name)}.ts`
}

/** Where its generated test is. */
export function entityTestFile({ name }: Pick<EntityItem, 'name'>): string {
  return `tests/${toKebab(name)}.test.ts`
}

/** Its table: `team_notes`. */
export function tableOf({ name }: Pick<EntityItem, 'name'>): string {
  return pluralOf(toSnake(name))
}

/** The page that lists them: `team-notes`. */
export function pageOf({ name }: Pick<EntityItem, 'name'>): string {
  return pluralOf(toKebab(name))
}

/** What permissions about it begin with: `team-note:read`. */
export function subjectOf({ name }: Pick<EntityItem, 'name'>): string {
  return toKebab(name)
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/u.test(word)) return `${word.slice(0, -1)}ies`
  return /(?:s|x|z|ch|sh)$/u.test(word) ? `${word}es` : `${word}s`
}

function isIdentifier(name: string): boolean {
  return parseModule(`const { ${name} } = it`, 'field.ts') !== null
}

function refusal(text: string): Error {
  return new UsageInvalid(
    `“${text}” is no field; write it like name:string(100), text:text, count:integer, done:boolean or due:date, with ? behind it where it may be empty.`,
  )
}
