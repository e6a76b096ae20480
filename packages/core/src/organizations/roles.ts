import { ConfigInvalid } from '../errors.ts'

/** What the library itself asks for in an organization. */
export const organizationPermissions = [
  'organization:update',
  'organization:policy',
  'organization:delete',
  'organization:transfer',
  'members:read',
  'members:invite',
  'members:update',
  'members:remove',
  'domains:manage',
  'audit:read',
] as const

/** One of the library's own. An app adds its own beside them. */
export type OrganizationPermission = (typeof organizationPermissions)[number]

type SubjectOf<Permission extends string> = Permission extends `${infer Subject}:${string}` ? Subject : never

/** What a role may be given: everything, everything about one subject, or one thing. */
export type Grant<Permission extends string> =
  '*' | Permission | OrganizationPermission | `${SubjectOf<Permission | OrganizationPermission>}:*`

/** Who may do what in the organizations of an app. */
export interface RoleOptions<Permission extends string = string, Role extends string = string> {
  /** What the app itself asks for, as `subject:verb`. */
  permissions: readonly Permission[]
  /** What each role may. What is not given is not allowed. */
  roles: Readonly<Record<Role, readonly Grant<NoInfer<Permission>>[]>>
  /** The role that may everything. Every organization has somebody with it. */
  owner: NoInfer<Role>
  /** The role of whoever comes in without having been given one. */
  default: NoInfer<Role>
}

/** Roles as they were checked. */
export interface Roles {
  readonly owner: string
  readonly standard: string
  readonly names: readonly string[]
  /** The same, whoever may most first. */
  readonly ranked: readonly string[]
  /** Every permission there is, the library's first. */
  readonly permissions: readonly string[]
  /** What a role may. Nothing for one that does not exist, any more or ever. */
  permissionsOf(role: string | null): ReadonlySet<string>
  /** Reads a role that came from outside; `null` for what none is. */
  parse(typed: unknown): string | null
  /** Whether somebody may give a role, or take it: nobody gives what they lack, and owners are made by owners alone. */
  mayGive(actor: string, role: string): boolean
}

const PERMISSION = /^[a-z][a-z0-9-]{0,31}:[a-z][a-z0-9-]{0,31}$/
const ROLE = /^[a-z][a-z0-9-]{0,31}$/

/**
 * Checks roles and permissions.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for one that is no name, stands there twice, or is given and does not exist.
 */
export function readRoles(options: RoleOptions): Roles {
  const { owner, default: standard } = options
  const permissions = readPermissions(options.permissions)
  const roles = new Map<string, ReadonlySet<string>>()
  for (const [name, grants] of Object.entries(options.roles ?? {})) {
    requireName(name, ROLE, `organizations: roles: "${name}" must be a name like "admin"`)
    roles.set(name, expand(name, grants, permissions))
  }
  const everything = roles.get(owner)
  if (everything === undefined) throw new ConfigInvalid(`organizations: owner: "${owner}" is not among roles`)
  if (everything.size < permissions.length)
    throw new ConfigInvalid(`organizations: roles.${owner} must be ['*']: owners may everything`)
  if (!roles.has(standard))
    throw new ConfigInvalid(`organizations: default: "${standard}" is not among roles`)
  if (standard === owner)
    throw new ConfigInvalid(
      'organizations: default must not be the role of owners: nobody becomes one unasked',
    )
  const permissionsOf = (role: string | null) => roles.get(role ?? '') ?? new Set<string>()
  return {
    owner,
    standard,
    names: [...roles.keys()],
    ranked: [...roles.keys()].toSorted((a, b) => permissionsOf(b).size - permissionsOf(a).size),
    permissions,
    permissionsOf,
    parse: (typed) => (typeof typed === 'string' && roles.has(typed) ? typed : null),
    mayGive(actor, role) {
      if (role === owner) return actor === owner
      const own = permissionsOf(actor)
      return [...permissionsOf(role)].every((permission) => own.has(permission))
    },
  }
}

function readPermissions(own: readonly string[]): string[] {
  if (!Array.isArray(own))
    throw new ConfigInvalid("organizations: permissions must be a list, like ['project:read']")
  const permissions: string[] = [...organizationPermissions]
  for (const permission of own) {
    requireName(
      permission,
      PERMISSION,
      `organizations: permissions: "${permission}" must read like "project:read"`,
    )
    if (permissions.includes(permission))
      throw new ConfigInvalid(`organizations: permissions: "${permission}" is there already`)
    permissions.push(permission)
  }
  return permissions
}

function expand(role: string, grants: unknown, permissions: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(grants)) throw new ConfigInvalid(`organizations: roles.${role} must be a list`)
  const given = grants.flatMap((grant: unknown) => {
    const meant = permissions.filter((permission) => isMeant(grant, permission))
    if (meant.length > 0) return meant
    throw new ConfigInvalid(`organizations: roles.${role}: "${String(grant)}" is no permission`)
  })
  return new Set(given)
}

function isMeant(grant: unknown, permission: string): boolean {
  return (
    grant === '*' || grant === permission || grant === `${permission.slice(0, permission.indexOf(':'))}:*`
  )
}

function requireName(name: unknown, pattern: RegExp, message: string): void {
  if (typeof name !== 'string' || !pattern.test(name)) throw new ConfigInvalid(message)
}
