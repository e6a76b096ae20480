/** An app of the matrix. */
export interface App {
  name: string
  /** Of the create command. */
  args: readonly string[]
  /** A folder of fixtures/hosts that the accounts go into. */
  host?: string
  /** Its own Playwright smoke runs too: in one row of each way to mail, and in an app that was there before. */
  story?: boolean
  /** Passkeys are added to it afterwards, and taken out again. */
  grows?: boolean
  /** Pages that its owner moved by `app/paths.ts`, before anything runs. */
  paths?: Readonly<Record<string, string>>
  /** What these guides tell is done first. */
  guides?: readonly string[]
}

const MEMBERS = ['Members', 'Member', 'members']

// Every pair of values of passkeys × id × mail × names × db is in at least one row, and each of them but passkeys with
// new and with existing.
export const apps: readonly App[] = [
  { name: 'default', args: [], story: true },
  {
    name: 'no-passkeys-bigint-in-process',
    args: ['--no-passkeys', '--id', 'bigint', '--mail', 'in-process'],
    story: true,
  },
  {
    name: 'no-passkeys-members-in-process-url',
    args: [...MEMBERS, '--no-passkeys', '--mail', 'in-process', '--db', 'url'],
  },
  { name: 'no-passkeys-bigint-url', args: ['--no-passkeys', '--id', 'bigint', '--db', 'url'], grows: true },
  {
    name: 'members-bigint-in-react-router-8',
    host: 'react-router-8',
    args: [...MEMBERS, '--id', 'bigint'],
    paths: { register: '/join', logIn: '/login', settings: '/account', sudo: '/account/confirm' },
    story: true,
  },
  {
    name: 'in-process-url-in-own-server-8',
    host: 'own-server-8',
    args: ['--mail', 'in-process', '--db', 'url'],
  },
  // What the guide on fields of one's own tells, with a column that needs a value; then the one on emails, which greets by it.
  { name: 'custom-fields', args: [], guides: ['docs/custom-user-fields.md', 'docs/emails.md'] },
  // What the guide on styles tells: Tailwind, and the names of shadcn/ui. Its story looks at every message of the console.
  // Then a page for support, as the guide on looking after accounts tells.
  { name: 'tailwind', args: [], guides: ['docs/styling.md', 'docs/operating.md'], story: true },
  // The oldest React Router that accounts can go into, as its own template makes an app.
  { name: 'in-react-router-7', host: 'react-router-7-plain', args: [] },
]
