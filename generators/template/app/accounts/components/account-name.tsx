import { autofill } from './autofill'

interface AccountNameProps {
  /** The address, or as much of it as this browser may see. */
  email: string
}

/** Tells password managers whose password a form is about. */
export function AccountName({ email }: AccountNameProps) {
  return <input type="text" name="username" {...autofill('username')} value={email} readOnly hidden />
}
