// sigra:file organizations
import { useId } from 'react'
import { roleName, words } from '~/organizations/words'

interface RoleFieldProps {
  roles: readonly string[]
  defaultValue: string
}

export function RoleField({ roles, defaultValue }: RoleFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{words.members.role}</label>
      <select id={id} name="role" defaultValue={defaultValue}>
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleName(role)}
          </option>
        ))}
      </select>
    </div>
  )
}
