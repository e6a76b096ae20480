// sigra:file passkeys
import type { AskProps, EnrollProps, SecondStep, SettingsProps } from '~/accounts/second-steps'
import { AskFirst } from '~/accounts/components/ask-first'
import { Form } from '~/accounts/components/form'
import { Submit } from '~/accounts/components/submit'
import { words } from '~/passkeys/words'
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
        {words.button}
      </PasskeyButton>
    </div>
  )
}

function EnrollPasskey({ redirectTo, isFirst }: EnrollProps) {
  return (
    <>
      {!isFirst && <h2 className="or">{words.mfaEnroll.or}</h2>}
      <AddPasskey path={`${paths.mfaEnroll}/passkey`} redirectTo={redirectTo} isQuiet={!isFirst} />
    </>
  )
}

function PasskeysInSettings({ state, loaded }: SettingsProps<PasskeySettings>) {
  return (
    <>
      {!state.isRecovery && <PasskeyList passkeys={loaded.passkeys} rpId={loaded.rpId} />}
      {loaded.passkeys.length > 0 && !state.totp && !state.isObliged && (
        <RequireSecondStep isRequired={state.requiresSecondStep} />
      )}
    </>
  )
}

function RequireSecondStep({ isRequired }: { isRequired: boolean }) {
  return (
    <section className="panel" aria-labelledby="second-step">
      <h2 id="second-step">
        {words.secondStep.title} {isRequired && <span className="badge">{words.secondStep.on}</span>}
      </h2>
      <p className="soft">{words.secondStep.about}</p>
      <Form method="post" reloadDocument>
        {isRequired ? (
          <AskFirst label={words.secondStep.turnOff} question={words.secondStep.turnOffQuestion}>
            <Submit intent="allow-one-step" className="button button-danger">
              {words.secondStep.turnOffYes}
            </Submit>
          </AskFirst>
        ) : (
          <Submit intent="require-second-step" className="button button-quiet">
            {words.secondStep.turnOn}
          </Submit>
        )}
      </Form>
    </section>
  )
}
