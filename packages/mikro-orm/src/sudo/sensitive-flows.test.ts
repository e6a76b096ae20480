import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')

/** Files that change a credential and prove in another way than by sudo who is there, each with its way. */
const otherProofs: Record<string, string> = {
  'magic-link/sign-in-by-mail.ts':
    'a mailed link or code was used up in the same transaction; it only removes what was never proven',
  'secrets/seal-anew.ts': 'the same seed under another key',
  'log-in/upgrade-hash.ts': 'the password was just right: a stronger hash of the same one',
  'not-me/remove-disputed.ts': 'a mailed link was used up in the same transaction',
  'passkeys/add-user-passkey.ts': 'asks by passkeySessionOf, which lets a sign-in that waits for it pass too',
  'passkeys/use-passkey.ts': 'the passkey has just answered: its counter and last use',
  'reset/replace-password.ts': 'a mailed link was used up in the same transaction',
  'register/store-registration.ts':
    'an address nobody has confirmed, asked again by the browser that registered it',
  'second-factor/activate-user-totp.ts':
    'asks by enrolmentSessionOf, which lets a sign-in that waits for it pass too',
  'second-factor/backup-codes.ts': 'called by flows that ask, and by the enrolment of who proved two factors',
  'second-factor/enroll-user-totp.ts':
    'asks by enrolmentSessionOf, which lets a sign-in that waits for it pass too',
  'second-factor/forget-second-step.ts': 'called by flows that ask, and by whoever used up a mailed link',
  'second-factor/spend-code.ts': 'uses up the code that was just typed',
  'settings/put-password.ts':
    'called by flows that ask: changeUserPassword, setUserPassword, changeRequiredPassword',
}

const changesCredential = [
  /(?:update|insert into|delete from) \$\{[^}]*\b(?:userTotp|userBackupCode|userPasskey)\b/,
  /\bset\b(?:(?!\bwhere\b)[^`])*\bhashed_password = /,
]

describe('flows that change how somebody signs in', () => {
  it('ask for sudo, or are listed with the proof that stands in for it', async () => {
    const paths = (await readdir(source, { recursive: true })).filter(
      (path) => /(?<!\.test)\.ts$/.test(path) && !path.startsWith('testing/'),
    )
    const found: string[] = []
    for (const path of paths) {
      const text = await readFile(join(source, path), 'utf8')
      if (changesCredential.some((change) => change.test(text)) && !text.includes('sudoSessionOf('))
        found.push(path)
    }
    expect(found.sort()).toEqual(Object.keys(otherProofs).sort())
  })
})
