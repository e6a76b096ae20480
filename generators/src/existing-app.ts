import { MagicString } from 'magic-string'
import { isNode, parseModule } from './syntax.ts'

/**
 * What differs when accounts go into an app that is already there: our pages keep out of `app/routes`, which a host
 * may read file by file, bring their own stylesheet instead of relying on the app's, and keep their messages among
 * themselves, as the host's start page shows none.
 */
export function existingAppPath(path: string): string {
  if (path === 'app/app.css') return stylesheet
  return path.startsWith(hostPages) ? ownPages + path.slice(hostPages.length) : path
}

/** The text of a file for an existing app. Runs before names are applied. */
export function existingAppText(path: string, text: string): string {
  if (path === 'app/sigra.routes.ts') return moveRoutes(text)
  if (path.startsWith('app/accounts/routes/')) return keepMessages(text)
  if (path === 'app/accounts/emails/layout.tsx') return text.replace('../../app.css', '../style.css')
  if (path === 'AGENTS.md') return sayWhatIsThere(text)
  if (path === 'app/brand.ts') return text.replace('app.css', stylesheet)
  const specifier = styledFiles.get(path)
  return specifier === undefined ? text : addStyle(text, path, specifier)
}

const stylesheet = 'app/accounts/style.css'
const hostPages = 'app/routes/'
const ownPages = 'app/accounts/routes/'

/** The frames of our pages: whatever is inside them is styled with them. */
const styledFiles: ReadonlyMap<string, string> = new Map([
  ['app/accounts/components/entry-page.tsx', '../style.css'],
  ['app/accounts/components/app-bar.tsx', '../style.css'],
  ['app/routes/dev-mailbox.tsx', '../style.css'],
])

function moveRoutes(text: string): string {
  return text.replaceAll("'routes/", "'accounts/routes/")
}

/** Whoever would go to the start page with a message goes to a page that shows it. */
function keepMessages(text: string): string {
  return text
    .replaceAll("redirect(args, '/', { flash", "redirect(args, '/users/log-in', { flash")
    .replaceAll("? '/' : '/users/log-in'", "? '/users/sessions' : '/users/log-in'")
}

/** The host has its own linter, formatter and stylesheet or none, and its pages are only watched at first. */
function sayWhatIsThere(text: string): string {
  return text
    .replace(
      'refuses it. Styles live in\n  `app/app.css`',
      `refuses it as soon as\n  \`app/sigra.server.ts\` enforces it. Styles live in \`${stylesheet}\``,
    )
    .replace(' && npm run lint && npm run format:check', '')
}

function addStyle(text: string, path: string, specifier: string): string {
  const imports = parseModule(text, path)?.program.body.filter(
    (statement) => statement.type === 'ImportDeclaration',
  )
  const last = imports?.at(-1)
  return isNode(last)
    ? new MagicString(text).appendLeft(last.end, `\nimport '${specifier}'`).toString()
    : text
}
