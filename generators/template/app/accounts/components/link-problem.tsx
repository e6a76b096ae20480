import { Link } from 'react-router'
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
      title="This did not work"
      footer={
        <p>
          Or go back and <Link to={paths.logIn}>log in</Link>.
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
