import type { EntityClass } from '@mikro-orm/core'
import type { AreaHandle } from '../areas/area.ts'
import type { PasskeyEntities } from '../passkeys/configure-passkeys.ts'
import type { PolicyOverrides } from '../policy.ts'
import { organizationOwnerSql } from '../schema/index.ts'
import {
  configureTestOrganizations,
  createTestOrganizationEntities,
  type TestOrganizationEntities,
  type TestOrganizationsOptions,
} from './organizations/test-organizations.ts'
import {
  configureTestPasskeys,
  createTestPasskeyEntities,
  type TestPasskeysOptions,
} from './passkeys/test-passkeys.ts'

// Every area of the test host. A new one is added here and in `area-calls.ts`, and to no other list of these tests.

export type AreaEntities = PasskeyEntities & TestOrganizationEntities

/** What a test decides about the areas of its host. */
export interface TestAreasOptions {
  passkeys?: TestPasskeysOptions | undefined
  organizations?: TestOrganizationsOptions | undefined
}

/** What a test decides about areas, apart from the rest. */
export function partAreaOptions<Options extends TestAreasOptions>({
  passkeys,
  organizations,
  ...rest
}: Options): { areas: TestAreasOptions; rest: Omit<Options, keyof TestAreasOptions> } {
  return { areas: { passkeys, organizations }, rest }
}

export function createAreaEntities(idType: 'uuid' | 'bigint', User: EntityClass<object>): AreaEntities {
  return { ...createTestPasskeyEntities(idType, User), ...createTestOrganizationEntities(idType, User) }
}

/** @param policy Of accounts: where a test lifts those limits, the areas' go with them. */
export function configureTestAreas(
  entities: AreaEntities,
  policy: PolicyOverrides = {},
  { passkeys, organizations }: TestAreasOptions = {},
): AreaHandle[] {
  return [
    configureTestPasskeys(entities, policy, passkeys),
    configureTestOrganizations(entities, policy, organizations),
  ]
}

/** What their migrations make beside tables. */
export const areaObjectsSql: readonly string[] = organizationOwnerSql()
