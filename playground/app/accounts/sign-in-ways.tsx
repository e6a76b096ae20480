import type { ReactNode } from 'react'
import type { FormReply } from '@sigra/remix/conform'
import { Link } from 'react-router'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { Field } from './components/field'
import { Submit } from './components/submit'

/** A way to log in. All of them are drawn inside the one form of the page. */
export interface SignInWay {
  Way(props: SignInWayProps): ReactNode
  /** What the email field tells the browser for it. */
  autoComplete?: string
}

export interface SignInWayProps {
  /** What the action answered. */
  form: FormReply | undefined
  /** As far as it is known already. */
  email: string | undefined
  /** For the email field: what all ways together tell the browser. */
  autoComplete: string
  redirectTo: string | null
  /** It stands first, and its button is the filled one. */
  isFirst: boolean
}

export const password = { Way: Password } satisfies SignInWay

export const magicLink = { Way: MagicLink } satisfies SignInWay

function Password({ form, email, autoComplete, isFirst }: SignInWayProps) {
  return (
    <>
      {!isFirst && <h2 className="or needs-script">{words.logIn.withPassword}</h2>}
      <Field
        form={form}
        name="email"
        label={words.fields.email}
        type="email"
        autoComplete={autoComplete}
        defaultValue={email}
        required
      />
      <Field
        form={form}
        name="password"
        label={words.fields.password}
        type="password"
        autoComplete="current-password"
        required
      />
      <div className="form-row">
        <label className="check">
          <input type="checkbox" name="rememberMe" /> {words.fields.rememberMe}
        </label>
        <Link to={paths.resetPassword}>{words.logIn.forgot}</Link>
      </div>
      {/* Without script the way before it is not there, and this one is filled. */}
      <Submit intent="password" className={isFirst ? 'button' : 'button button-quiet button-without-script'}>
        {words.logIn.button}
      </Submit>
    </>
  )
}

function MagicLink() {
  return (
    <Submit intent="magic-link" className="button button-quiet" skipsValidation>
      {words.logIn.magicLink}
    </Submit>
  )
}
