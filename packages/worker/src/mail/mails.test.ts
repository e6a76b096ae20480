import type { MailProps, MailUser } from '@sigra/mikro-orm'
import { describe, expectTypeOf, it } from 'vitest'
import type { Mail, Mails } from './mails.ts'

interface User {
  displayName: string
  nickname: string | null
  seats: number
  password: string
}
type Listed = MailUser<User, 'displayName' | 'nickname' | 'seats'>
type Props = MailProps<Listed>['newSignIn']

describe('what a template is given', () => {
  it('is the listed columns and no other, where text may be missing', () => {
    expectTypeOf<Listed>().toEqualTypeOf<{
      displayName: string | null
      nickname: string | null
      seats: number
    }>()
    expectTypeOf<Props['user']>().toEqualTypeOf<Listed | null>()
    expectTypeOf<Props['locale']>().toEqualTypeOf<string>()
  })

  it('fits templates with columns of their own into any worker, and samples that lack one into none', () => {
    type Template = (props: Props) => Mail
    expectTypeOf<Template>().toExtend<Mails['newSignIn']>()
    expectTypeOf<(props: MailProps<{ city: string }>['newSignIn']) => Mail>().not.toExtend<
      Mails<Listed>['newSignIn']
    >()
    expectTypeOf<{ displayName: string }>().not.toExtend<Listed>()
  })
})
