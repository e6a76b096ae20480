// sigra:file organizations
import { NavLink } from 'react-router'
import type { BarItem, BarItemProps } from '~/accounts/bar-items'
import { hidden } from '~/accounts/hidden'
import { organizationPaths } from '~/organizations/paths'
import { words } from '~/organizations/words'

export const organization = { Show: Switcher } satisfies BarItem

/** Says where somebody is, and leads to where they choose among theirs. */
function Switcher({ loaded: { name } }: BarItemProps<{ name: string | null }>) {
  return (
    <NavLink to={organizationPaths.list} className="bar-place" end>
      {name === null ? words.bar.none : words.bar.current(hidden, name)}
    </NavLink>
  )
}
