import { Link, useLocation } from 'react-router'
import { whereIn } from '~/accounts/settings-tabs'
import { words } from '~/accounts/words'
import { settingsTabs } from '~/settings-tabs'
import { TabbedPage, type TabbedPageProps } from './tabbed-page'

/** The frame of the pages on which people look after their own account. */
export function SettingsPage(props: TabbedPageProps) {
  const { pathname } = useLocation()
  const tabs = settingsTabs.map((tab) => (
    <Link key={tab.path} to={tab.path} aria-current={whereIn(tab, pathname)}>
      {tab.label}
    </Link>
  ))
  return <TabbedPage label={words.settings.label} tabs={tabs} {...props} />
}
