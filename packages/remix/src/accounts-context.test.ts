import { expectTypeOf, it } from 'vitest'
import type { Accounts, AccountsContext } from './accounts.ts'
import type { RequestArgs } from './request/request-args.ts'

interface Form {
  email: string
  displayName: string
}

it('takes a function of the app in place of the library’s, with the input of its own form', () => {
  interface Owned extends Omit<Accounts, 'registerUser'> {
    registerUser(args: RequestArgs, input: Form): ReturnType<Accounts['registerUser']>
  }
  expectTypeOf<Owned>().toExtend<AccountsContext>()
  expectTypeOf<Accounts>().toExtend<AccountsContext>()
})

it('takes none that answers at once, or wants something else first', () => {
  expectTypeOf<
    Omit<Accounts, 'logOutUser'> & { logOutUser(args: RequestArgs): string }
  >().not.toExtend<AccountsContext>()
  expectTypeOf<
    Omit<Accounts, 'logOutUser'> & { logOutUser(form: Form): Promise<void> }
  >().not.toExtend<AccountsContext>()
})
