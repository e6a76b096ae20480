import type { SecondFactorView } from '@sigra/remix'
import type { FormReply } from '@sigra/remix/conform'
import { CodeField } from './code-field'
import { Form } from './form'
import { FormAlert } from './form-alert'
import { Submit } from './submit'

interface TotpSetupProps {
  form: FormReply | undefined
  /** What waits for its first code; without one there is a button to begin. */
  enrolment: SecondFactorView['enrolment']
  email: string
}

/** Setting up an authenticator app: scan, then type one code. It counts from that code on. */
export function TotpSetup({ form, enrolment, email }: TotpSetupProps) {
  if (!enrolment) {
    return (
      <>
        <p className="soft">
          An app on your phone shows a new code every 30 seconds. Any authenticator app will do, and so will
          most password managers.
        </p>
        <Form method="post" reloadDocument>
          <FormAlert form={form} />
          <Submit intent="enroll">Set up an authenticator app</Submit>
        </Form>
      </>
    )
  }

  const { uri, key, qr } = enrolment
  return (
    <div className="setup">
      <p className="soft">Scan this with your authenticator app.</p>
      <svg className="qr" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label="QR code for your app">
        <path d={qr.path} />
      </svg>
      <details className="choice">
        <summary>I cannot scan it</summary>
        <div className="form">
          <p>
            On this device? <a href={uri}>Open it in your authenticator app.</a>
          </p>
          <p>Else type this key into the app, as a time-based one (SHA-1, 6 digits, 30 seconds):</p>
          <p>
            <code className="key">{key}</code>
          </p>
          <p>Or paste this address:</p>
          <p>
            <code className="key">{uri}</code>
          </p>
        </div>
      </details>
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {/* Tells password managers whose code this is. */}
        <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />
        <CodeField
          form={form}
          label="Code from the app"
          hint="Then it counts, and you get ten backup codes."
          required
        />
        <Submit intent="activate">Switch it on</Submit>
      </Form>
      <Form method="post" reloadDocument>
        <button className="button-link" name="intent" value="enroll">
          Start over with a new code to scan
        </button>
      </Form>
    </div>
  )
}
