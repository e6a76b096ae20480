import { AskFirst } from '~/accounts/components/ask-first'
import { Form } from '~/accounts/components/form'
import { Submit } from '~/accounts/components/submit'
import { words } from '~/organizations/words'
import { Shown } from './shown'

export function Leave({ organization }: { organization: { id: string; name: string } }) {
  return (
    <AskFirst label={words.settings.leave} question={words.settings.leaveQuestion(organization.name)}>
      <Form method="post">
        <Shown organization={organization} />
        <Submit intent="leave" className="button button-danger">
          {words.settings.leaveYes}
        </Submit>
      </Form>
    </AskFirst>
  )
}
