import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { afterAll, expect, it } from 'vitest'
import { uuidKey } from '../schema/index.ts'
import type { AccountTable } from './account-data.ts'
import { orderTables } from './order-tables.ts'

const TreeSchema = defineEntity({
  name: 'Tree',
  properties: { id: uuidKey(), parent: () => p.manyToOne(Tree) },
})
class Tree extends TreeSchema.class {}
TreeSchema.setClass(Tree)

const BranchSchema = defineEntity({
  name: 'Branch',
  properties: { id: uuidKey(), tree: () => p.manyToOne(Tree) },
})
class Branch extends BranchSchema.class {}
BranchSchema.setClass(Branch)

const LeafSchema = defineEntity({
  name: 'Leaf',
  properties: { id: uuidKey(), branch: () => p.manyToOne(Branch), twin: () => p.oneToOne(Twin).owner() },
})
class Leaf extends LeafSchema.class {}
LeafSchema.setClass(Leaf)

const TwinSchema = defineEntity({
  name: 'Twin',
  properties: { id: uuidKey(), leaf: () => p.manyToOne(Leaf) },
})
class Twin extends TwinSchema.class {}
TwinSchema.setClass(Twin)

const orm = new MikroORM({
  entities: [Tree, Branch, Leaf, Twin],
  clientUrl: 'postgresql://localhost/nowhere',
})
afterAll(() => orm.close(true))

const table = (
  entity: AccountTable['entity'],
  onDelete: AccountTable['onDelete'] = 'delete',
): AccountTable => ({
  entity,
  owner: 'owner',
  export: () => ({}),
  onDelete,
})
const ordered = (...tables: AccountTable[]) => orderTables(orm, tables).map(({ entity }) => entity.name)

it('deletes what refers to a table before it, in whatever order the app names them', () => {
  expect(ordered(table(Tree), table(Branch), table(Leaf))).toEqual(['Leaf', 'Branch', 'Tree'])
  expect(ordered(table(Branch), table(Leaf), table(Tree))).toEqual(['Leaf', 'Branch', 'Tree'])
})

it('changes before it deletes: a row that is changed refers to nothing any more', () => {
  expect(ordered(table(Tree), table(Leaf, { set: { branch: null } }))).toEqual(['Leaf', 'Tree'])
})

it('takes the tables of a circle, and one that refers to itself, once', () => {
  expect(ordered(table(Leaf), table(Twin), table(Tree)).toSorted()).toEqual(['Leaf', 'Tree', 'Twin'])
})
