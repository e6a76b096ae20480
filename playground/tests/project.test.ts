import { createOrganization, organizationRows } from '@sigra/dev/testing'
import { expect, it } from 'vitest'
import { Project } from '../app/entities/project.ts'
import { orm, sigra } from '../app/sigra.server.ts'
import { createPerson } from './support/app.ts'

const sample = { name: 'A quiet river' }

async function createRows() {
  return organizationRows(sigra, await createOrganization(sigra, { owner: await createPerson() }))
}

it('is of one organization: another one neither sees nor changes nor removes it', async () => {
  const [ours, theirs] = [await createRows(), await createRows()]
  const { id } = await ours.insert(Project, sample)
  expect(await theirs.find(Project, {})).toEqual([])
  expect(await theirs.findOne(Project, { id })).toBeNull()
  expect(await theirs.update(Project, { id }, sample)).toBe(0)
  expect(await theirs.delete(Project, { id })).toBe(0)
  expect(await ours.find(Project, {})).toMatchObject([{ id, ...sample }])
})

it('is read by nobody who forgets the scope', async () => {
  const em = orm.em.fork()
  await expect(em.find(Project, {})).rejects.toThrow(/filter 'organization'/)
  await expect(em.nativeDelete(Project, {})).rejects.toThrow(/filter 'organization'/)
})
