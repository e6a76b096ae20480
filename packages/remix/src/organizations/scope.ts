import type { Brand } from '@sigra/core'
import type { Principal } from '@sigra/mikro-orm'

interface ScopeData {
  /** Who acts, in this organization. */
  readonly principal: Principal
  readonly organization: {
    readonly id: string
    readonly slug: string
    readonly name: string
    readonly isPersonal: boolean
  }
  /** What they are there. */
  readonly role: string | null
  /** Everything they may there; what is not in it they may not. */
  readonly permissions: ReadonlySet<string>
}

/** An organization, and what somebody may in it during this request. Only guards make one. */
export type OrganizationScope = Brand<ScopeData, 'OrganizationScope'>

export function createScope(data: ScopeData): OrganizationScope {
  return data as OrganizationScope
}
