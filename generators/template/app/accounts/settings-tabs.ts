import { paths } from '~/paths'

export interface SettingsTab {
  path: string
  label: string
}

export const accountTabs: readonly SettingsTab[] = [
  { path: paths.settings, label: 'Password' },
  { path: paths.settingsMfa, label: 'Two-step sign-in' },
  { path: paths.sessions, label: 'Sessions' },
]
