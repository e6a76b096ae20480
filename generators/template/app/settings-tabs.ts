import { accountTabs } from './accounts/settings-tabs'

/** The pages of the settings, in the order of their side navigation. “Settings” in the bar is marked on all of them. */
export const settingsTabs = [...accountTabs]
