import { Link } from 'react-router'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { EntryPage } from './entry-page'

interface LinkProblemProps {
  message: string
  askAgain: { path: string; label: string }
}

/** A mailed link that cannot be used: one message for every cause, and the way to a new one. */
export function LinkProblem({ message, askAgain }: LinkProblemProps) {
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
        {message}
      </p>
      <Link className="button" to={askAgain.path}>
        {askAgain.label}
      </Link>
    </EntryPage>
  )
}
