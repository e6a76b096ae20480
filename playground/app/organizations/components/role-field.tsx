import { roleName, words } from '~/organizations/words'
import { SelectField } from './select-field'

interface RoleFieldProps {
  roles: readonly string[]
  defaultValue: string
}

export function RoleField({ roles, defaultValue }: RoleFieldProps) {
  const options = roles.map((role) => [role, roleName(role)] as const)
  return <SelectField name="role" label={words.members.role} options={options} defaultValue={defaultValue} />
}
