/** Who may see a page that was added with `npx plop sigra:route`. */
export type Guard = 'user' | 'sudo' | 'member' | 'anonymous' | 'none'

/** By guard, who gets to see the page: for the question, the answer to a wrong one, and the guide. */
export const guardMeanings: Readonly<Record<Guard, string>> = {
  user: 'people who are logged in',
  sudo: 'people who are logged in and have just confirmed it’s them',
  member: 'members of the organization in its path, /organizations/:slug',
  anonymous: 'people who are not logged in',
  none: 'everybody',
}

/** In the order in which questions and guides list them. */
export const guards: readonly Guard[] = ['user', 'sudo', 'member', 'anonymous', 'none']

/** @returns `null` for a word that is no guard. */
export function parseGuard(value: unknown): Guard | null {
  return guards.find((guard) => guard === value) ?? null
}
