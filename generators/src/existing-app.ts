import { scopeStyles } from './scope-styles.ts'

/**
 * What differs when accounts go into an app that is already there: our pages keep out of `app/routes`, which a host
 * may read file by file, bring their own stylesheet, which counts inside of their frame alone, and keep their messages among
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
  if (path === 'app/app.css') return scopeStyles(text)
  return text
}

const stylesheet = 'app/accounts/style.css'
const hostPages = 'app/routes/'
const ownPages = 'app/accounts/routes/'

function moveRoutes(text: string): string {
  return text.replaceAll("'routes/", "'accounts/routes/")
}

/** Whoever would go to the start page with a message goes to a page that shows it. */
function keepMessages(text: string): string {
  return text
    .replaceAll("redirect(args, '/', { flash", 'redirect(args, paths.logIn, { flash')
    .replaceAll("? '/' : paths.logIn", '? paths.sessions : paths.logIn')
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
