import type { SecondFactorView } from '@sigra/remix'
import type { FormReply } from '@sigra/remix/conform'
import { words } from '~/accounts/words'
import { autofill } from './autofill'
import { CodeField } from './code-field'
import { CopyButton } from './copy-button'
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
        <p className="soft">{words.totp.about}</p>
        <Form method="post" className="form" reloadDocument>
          <FormAlert form={form} />
          <Submit intent="enroll">{words.totp.start}</Submit>
        </Form>
      </>
    )
  }

  const { uri, key, qr } = enrolment
  return (
    <div className="setup">
      <div className="scan">
        <svg className="qr" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={words.totp.qr}>
          <path d={qr.path} />
        </svg>
        <ol className="steps">
          {words.totp.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
      <details className="choice">
        <summary>{words.totp.noScan}</summary>
        <div className="form">
          <p>
            {words.totp.open((text) => (
              <a href={uri}>{text}</a>
            ))}
          </p>
          <p>{words.totp.key}</p>
          <p>
            <code className="key">{key}</code>
          </p>
          <CopyButton text={key} />
        </div>
      </details>
      <Form method="post" className="form" reloadDocument>
        <FormAlert form={form} />
        {/* Tells password managers whose code this is. */}
        <input type="email" name="username" {...autofill('username')} value={email} readOnly hidden />
        <CodeField form={form} label={words.fields.appCode} hint={words.totp.codeHint} required />
        <Submit intent="activate">{words.totp.button}</Submit>
      </Form>
      <Form method="post" reloadDocument>
        <button className="button-link" name="intent" value="enroll">
          {words.totp.restart}
        </button>
      </Form>
    </div>
  )
}
