import type { AccountsContext, RequestArgs } from '@sigra/remix'
import { sigra } from '../sigra.server.ts'
import type { RegisterInput } from './schemas.ts'

// The place for what your product thinks about accounts. `accounts` is all that an account can do; routes call it and
// nothing deeper, so what you write here in place of a function of the library holds on every page.
export const accounts = {
  ...sigra.accounts,

  /**
   * Registers an address. The answer is the same for a free and a taken one.
   *
   * Columns of your own go into `fields`, further rows of the same transaction into `inTransaction`, and a rule that may
   * refuse into `check`; that one must not depend on whether the address is known.
   */
  registerUser(args: RequestArgs, input: RegisterInput) {
    return sigra.accounts.registerUser(args, input)
  },
} satisfies AccountsContext
