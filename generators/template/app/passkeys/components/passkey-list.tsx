// sigra:file passkeys
import { useEffect, useRef } from 'react'
import { hidden } from '~/accounts/hidden'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'
import { AddPasskey } from './add-passkey'
import { AskFirst } from '~/accounts/components/ask-first'
import { Moment } from '~/accounts/components/moment'
import { RenamePasskey } from './rename-passkey'
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
      <h2 id="passkeys">{words.list.title}</h2>
      <p className="soft">{words.list.intro}</p>
      {passkeys.length > 0 && (
        <ul className="cards">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="card">
              <PasskeyCard passkey={passkey} onRemove={() => (removed.current = passkey)} />
            </li>
          ))}
        </ul>
      )}
      <AddPasskey path={`${paths.settingsMfa}/passkeys`} isQuiet />
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
          {isSynced ? words.list.synced : words.list.notSynced} ·{' '}
          {words.list.added(<Moment at={createdAt} />)} ·{' '}
          {lastUsedAt ? words.list.lastUsed(<Moment at={lastUsedAt} />) : words.list.neverUsed}
        </p>
      </div>
      <details className="choice">
        <summary>{words.list.change(hidden, nickname)}</summary>
        <RenamePasskey id={id} nickname={nickname} isQuiet />
        {isLastWay ? (
          <p className="soft">{words.list.lastWay}</p>
        ) : (
          <AskFirst
            label={words.list.remove(hidden, nickname)}
            question={words.list.removeQuestion(nickname)}
          >
            <Form method="post" action={action} onSubmit={onRemove}>
              <button className="button button-danger" name="intent" value="remove">
                {words.list.removeYes(hidden, nickname)}
              </button>
            </Form>
          </AskFirst>
        )}
      </details>
    </>
  )
}
