// sigra:file organizations
/** Where the pages of organizations are. Components and Node read this too: nothing of the server belongs here. */
export const organizationPaths = {
  /** Where people choose among theirs. */
  list: '/organizations',
  switch: '/organizations/switch',
  /** Everything below belongs to the organization whose slug the path has. */
  one: '/organizations/:slug',
  /** Where the link of an invitation leads. */
  invitation: '/invitations',
  /** Where the link leads that undoes a transfer. */
  transfers: '/organizations/transfers',
} as const

/** `''` is the page of the organization itself. */
export function pathIn(slug: string, below = ''): string {
  return organizationPaths.one.replace(':slug', slug) + below
}
