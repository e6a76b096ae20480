import { useEffect, useRef } from 'react'
import { paths } from '~/paths'
import { AddPasskey } from './add-passkey'
import { AskFirst } from '~/accounts/components/ask-first'
import { Field } from '~/accounts/components/field'
import { Moment } from '~/accounts/components/moment'
import { loadClient } from './use-passkey'
import { Form } from '~/accounts/components/form'

interface Passkey {
  id: string
  nickname: string
  /** Who keeps it, as far as it said so. */
  provider: string | null
  isSynced: boolean
  createdAt: Date
  lastUsedAt: Date | null
  isLastWay: boolean
  credentialId: string
}

interface PasskeyListProps {
  passkeys: readonly Passkey[]
  /** The domain they belong to. */
  rpId: string
}

/** The passkeys of an account: what they are called, when they were last used, and a way to take each away. */
export function PasskeyList({ passkeys, rpId }: PasskeyListProps) {
  const removed = useRef<Passkey>(null)

  useEffect(() => {
    const passkey = removed.current
    if (!passkey || passkeys.some(({ id }) => id === passkey.id)) return
    removed.current = null
    // It is gone here: ask the password manager not to offer it any more.
    const { credentialId } = passkey
    void loadClient()
      .then((client) => client.forgetPasskey({ rpId, credentialId }))
      .catch(() => {})
  }, [passkeys, rpId])

  return (
    <section className="panel" aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <p className="soft">
        A passkey logs you in by your fingerprint, your face or your screen lock. There is nothing to type,
        and nothing that could be stolen from us.
      </p>
      {passkeys.length > 0 && (
        <ul className="cards">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="card">
              <PasskeyCard passkey={passkey} onRemove={() => (removed.current = passkey)} />
            </li>
          ))}
        </ul>
      )}
      <AddPasskey path={`${paths.settingsMfa}/passkeys`} />
    </section>
  )
}

function PasskeyCard({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const { id, nickname, provider, isSynced, createdAt, lastUsedAt, isLastWay } = passkey
  const action = `${paths.settingsMfa}/passkeys/${id}`
  return (
    <>
      <div>
        <h3>{nickname}</h3>
        <p className="soft">
          {provider && provider !== nickname && `${provider} · `}
          {isSynced ? 'on all your devices' : 'on one device'} · added <Moment at={createdAt} /> ·{' '}
          {lastUsedAt ? (
            <>
              last used <Moment at={lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
        </p>
      </div>
      <details className="choice">
        <summary>
          Change<span className="visually-hidden"> {nickname}</span>
        </summary>
        <Form method="post" action={action} className="form">
          <Field
            form={undefined}
            name="nickname"
            label="Name"
            defaultValue={nickname}
            maxLength={64}
            autoComplete="off"
            required
          />
          <button className="button button-quiet" name="intent" value="rename">
            Save<span className="visually-hidden"> the name of {nickname}</span>
          </button>
        </Form>
        {isLastWay ? (
          <p className="soft">
            This is your only way to log in. Choose a password or add another passkey before you remove it.
          </p>
        ) : (
          <AskFirst
            label={
              <>
                Remove<span className="visually-hidden"> {nickname}</span>
              </>
            }
            question={`“${nickname}” will no longer log you in, and your other browsers are logged out.`}
          >
            <Form method="post" action={action} onSubmit={onRemove}>
              <button className="button button-danger" name="intent" value="remove">
                Yes, remove it<span className="visually-hidden">: {nickname}</span>
              </button>
            </Form>
          </AskFirst>
        )}
      </details>
    </>
  )
}
