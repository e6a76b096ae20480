import type { AskProps, EnrollProps, SecondStep, SettingsProps } from '~/accounts/second-steps'
import { AskFirst } from '~/accounts/components/ask-first'
import { Form } from '~/accounts/components/form'
import { Submit } from '~/accounts/components/submit'
import { paths } from '~/paths'
import { AddPasskey } from './components/add-passkey'
import { PasskeyButton } from './components/passkey-button'
import { PasskeyList } from './components/passkey-list'
import type { PasskeySettings } from './second-step.server'

export const passkey = {
  Ask: AskForPasskey,
  Enroll: EnrollPasskey,
  Settings: PasskeysInSettings,
} satisfies SecondStep

function AskForPasskey({ trust, redirectTo, isFirst }: AskProps) {
  return (
    <div className="form">
      {isFirst && trust}
      <PasskeyButton path={`${paths.mfa}/passkey`} redirectTo={redirectTo} isQuiet={!isFirst}>
        Use a passkey
      </PasskeyButton>
    </div>
  )
}

function EnrollPasskey({ redirectTo, isFirst }: EnrollProps) {
  return (
    <>
      {!isFirst && <h2 className="or">Or use a passkey</h2>}
      <AddPasskey path={`${paths.mfaEnroll}/passkey`} redirectTo={redirectTo} isQuiet={!isFirst} />
    </>
  )
}

function PasskeysInSettings({ state, loaded }: SettingsProps<PasskeySettings>) {
  return (
    <>
      {!state.isRecovery && <PasskeyList passkeys={loaded.passkeys} rpId={loaded.rpId} />}
      {state.hasPasskey && !state.totp && !state.isObliged && (
        <RequireSecondStep isRequired={state.requiresSecondStep} />
      )}
    </>
  )
}

function RequireSecondStep({ isRequired }: { isRequired: boolean }) {
  return (
    <section className="panel" aria-labelledby="second-step">
      <h2 id="second-step">Require a second step {isRequired && <span className="badge">on</span>}</h2>
      <p className="soft">
        You have a passkey. Signing in by password or by mail can ask for it as well, so that neither is
        enough alone.
      </p>
      <Form method="post" reloadDocument>
        {isRequired ? (
          <AskFirst
            label="Turn off"
            question="Your password or an emailed link will be enough to log in, and your other browsers are logged out."
          >
            <Submit intent="allow-one-step" className="button button-danger">
              Yes, turn it off
            </Submit>
          </AskFirst>
        ) : (
          <Submit intent="require-second-step">Require a second step</Submit>
        )}
      </Form>
    </section>
  )
}
