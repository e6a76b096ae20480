import type { RequestArgs } from '@sigra/remix'
import { getUser } from '~/sigra.server'
import { getOrganization } from './organizations.server'

/** The organization of the page, else the one that somebody is at work in. */
export async function loadOrganization(args: RequestArgs): Promise<{ name: string | null } | null> {
  if (!(await getUser(args))) return null
  const scope = await getOrganization(args)
  return { name: scope?.organization.name ?? null }
}
