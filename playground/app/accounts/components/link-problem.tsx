import { Link } from 'react-router'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { inWords } from '~/words'
import { EntryPage } from './entry-page'

interface LinkProblemProps {
  /** What the action answered: its link, `f`, is of no use. */
  form: FormReply | undefined
  /** What the loader found before. */
  problem: string | undefined
  askAgain: { path: string; label: string }
}

/** A mailed link that cannot be used: one message for every cause, and the way to a new one. */
export function LinkProblem({ form, problem = words.linkProblem.outdated, askAgain }: LinkProblemProps) {
  const [message = problem] = form?.error['f'] ?? []
  return (
    <EntryPage
      title={words.linkProblem.title}
      footer={
        <p>
          {words.linkProblem.logIn((text) => (
            <Link to={paths.logIn}>{text}</Link>
          ))}
        </p>
      }
    >
      <p className="alert" role="alert">
        {inWords(message)}
      </p>
      <Link className="button" to={askAgain.path}>
        {askAgain.label}
      </Link>
    </EntryPage>
  )
}
