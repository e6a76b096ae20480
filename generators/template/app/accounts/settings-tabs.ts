import { words } from '~/accounts/words'
import { paths } from '~/paths'

export interface SettingsTab {
  path: string
  label: string
  /** Pages that it leads to: it is marked on them, too. */
  pages?: readonly string[]
}

export const accountTabs: readonly SettingsTab[] = [
  { path: paths.settings, label: words.settings.profile, pages: [paths.settingsEmail, paths.settingsData] },
  {
    path: paths.settingsSecurity,
    label: words.settings.security,
    pages: [paths.settingsPassword, paths.settingsMfa, paths.activity],
  },
  { path: paths.sessions, label: words.settings.sessions },
]

/** `page`: that of the tab itself. `true`: one it leads to, or below one. `undefined`: another. */
export function whereIn({ path, pages = [] }: SettingsTab, pathname: string): 'page' | 'true' | undefined {
  if (pathname === path) return 'page'
  return pages.some((page) => pathname === page || pathname.startsWith(`${page}/`)) ? 'true' : undefined
}
