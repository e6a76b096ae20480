import type { FormReply } from '@sigra/remix/conform'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { hidden } from '~/accounts/hidden'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'

interface RenamePasskeyProps {
  id: string
  nickname: string
  /** What the action answered. */
  form?: FormReply | undefined
  /** Another way stands in front of it. */
  isQuiet?: boolean
}

export function RenamePasskey({ id, nickname, form, isQuiet = false }: RenamePasskeyProps) {
  return (
    <Form method="post" action={`${paths.settingsMfa}/passkeys/${id}`} className="form">
      <FormAlert form={form} />
      <Field
        form={form}
        name="nickname"
        label={words.list.name}
        defaultValue={nickname}
        maxLength={64}
        autoComplete="off"
        required
      />
      <Submit intent="rename" className={isQuiet ? 'button button-quiet' : 'button'}>
        {words.list.save(hidden, nickname)}
      </Submit>
    </Form>
  )
}
