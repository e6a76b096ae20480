import { Impossible } from '@sigra/core'

/** The name of the filter that every entity of organizations carries. */
export const ORGANIZATION_FILTER = 'organization'

/** What a scope says to the filter; `null` looks across all organizations. */
interface FilterArguments {
  organization?: string | null
}

/**
 * For `filters` of an entity that belongs to an organization. It is on for every read, update and delete, joins included, and
 * throws where nobody said whose rows are meant: a forgotten scope fails, it never leaks.
 *
 * ```ts
 * defineEntity({ name: 'Project', properties: { organization: () => p.manyToOne(Organization) }, filters: organizationFilter })
 * ```
 */
export const organizationFilter = {
  [ORGANIZATION_FILTER]: {
    name: ORGANIZATION_FILTER,
    default: true,
    cond({ organization }: FilterArguments) {
      if (organization === undefined) throw new Impossible('A scope names no organization')
      return organization === null ? {} : { organization }
    },
  },
}
