import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')

async function importersOf(module: string, name: string): Promise<string[]> {
  const paths = (await readdir(source, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(source, path), 'utf8')] as const),
  )
  const imports = new RegExp(`import[^;]*?\\b${name}\\b[^;]*?from '[^']*(?:${module})'`)
  return texts
    .filter(([, text]) => imports.test(text))
    .map(([path]) => path)
    .sort()
}

async function filesWith(pattern: RegExp): Promise<string[]> {
  const paths = (await readdir(source, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(source, path), 'utf8')] as const),
  )
  return texts.filter(([, text]) => pattern.test(text)).map(([path]) => path)
}

describe('the door', () => {
  it('is passed by these flows and no other', async () => {
    expect(await importersOf('complete-sign-in.ts', 'completeSignIn')).toEqual([
      'confirm/confirm-here.ts',
      'door/resume-sign-in.ts',
      'log-in/log-in-user.ts',
      'magic-link/sign-in-by-mail.ts',
      'oauth/decide.ts',
      'organizations/register-by-invitation.ts',
      'passkeys/log-in-user-by-passkey.ts',
    ])
    expect(await importersOf('resume-sign-in.ts', 'resumeSignIn')).toEqual([
      'consent/accept-user-documents.ts',
      'deletion/cancel-user-deletion.ts',
      'passkeys/add-user-passkey.ts',
      'passkeys/sudo-by-passkey.ts',
      'passkeys/verify-second-factor-by-passkey.ts',
      'second-factor/activate-user-totp.ts',
      'second-factor/issue-user-backup-codes.ts',
      'second-factor/verify-user-second-factor.ts',
      'settings/change-required-password.ts',
      'sudo/sudo-by-second-factor.ts',
    ])
  })

  it('gets its proofs from the flows that verify them and no other', async () => {
    const provers: Record<string, string[]> = {
      provePassword: ['log-in/log-in-user.ts'],
      proveEmail: ['magic-link/sign-in-by-mail.ts', 'organizations/register-by-invitation.ts'],
      proveRegistration: ['confirm/confirm-here.ts'],
      // A first code of a new app, and every later one.
      proveTotp: ['second-factor/activate-user-totp.ts', 'second-factor/spend-code.ts'],
      proveBackupCode: ['second-factor/spend-code.ts'],
      // A new passkey has just verified its user, and so has every use of one.
      provePasskey: ['passkeys/add-user-passkey.ts', 'passkeys/use-passkey.ts'],
      proveIdentity: ['oauth/decide.ts'],
      takeSessionProof: ['door/resume-sign-in.ts'],
    }
    for (const [prover, flows] of Object.entries(provers)) {
      expect({ prover, flows: await importersOf('proof.ts', prover) }).toEqual({ prover, flows })
    }
  })

  it('is the only one that writes a session, makes a session token or hands one to the browser', async () => {
    expect(await importersOf('insert-session.ts', 'insertSession')).toEqual(['door/complete-sign-in.ts'])
    expect(await filesWith(/insert into \$\{[^}]*userSession/)).toEqual(['door/insert-session.ts'])
    const tokenMakers = ['door/complete-sign-in.ts', 'door/renew-session.ts', 'door/repeat-sign-in.ts']
    expect((await filesWith(/\bcreateSessionToken\(/)).sort()).toEqual(tokenMakers)
    expect((await filesWith(/effects\.setSession\(/)).sort()).toEqual(tokenMakers)
  })

  it('raises no session but by a sign-in: a renewal writes neither level, methods nor user', async () => {
    const changesOf = async (module: string) => {
      const changes = /\bset\b([^`]*?)\b(?:where|from)\b/.exec(await readFile(join(source, module), 'utf8'))
      return [...(changes?.[1] ?? '').matchAll(/(\w+) = /g)].map(([, column]) => column)
    }
    expect(await changesOf('door/renew-session.ts')).toEqual(['token_hash', 'sudo_at', 'sudo_method'])
    expect(await changesOf('door/repeat-sign-in.ts')).toEqual(['token_hash'])
    expect(
      await filesWith(
        /update \$\{[^}]*userSession[^`]*?\bset\b(?:(?!\bwhere\b)[^`])*?\b(?:aal|amr|user_id|awaiting) = /,
      ),
    ).toEqual([])
  })

  it('repeats only what a mail let in', async () => {
    expect(await importersOf('repeat-sign-in.ts', 'repeatSignIn')).toEqual([
      'confirm/confirm-here.ts',
      'magic-link/repeat-sign-in-by-mail.ts',
      'organizations/repeat-registration.ts',
    ])
    // Whatever renews or raises a session has no success to repeat.
    expect(await importersOf('repeat-(?:token|code)-use.ts|repeat-with-password.ts', 'repeat\\w+')).toEqual([
      'confirm/confirm-here.ts',
      'confirm/confirm-user-by-code.ts',
      'confirm/confirm-user.ts',
      'email-change/approve-user-email-change.ts',
      'email-change/update-user-email.ts',
      'magic-link/repeat-sign-in-by-mail.ts',
      'not-me/secure-user.ts',
      'reset/set-password-by-token.ts',
      'tokens/repeat-code-use.ts',
      'tokens/repeat-with-password.ts',
    ])
  })

  it('is not for sale: the package exports neither door nor proof', async () => {
    const entry = await readFile(join(source, 'index.ts'), 'utf8')
    expect(entry).not.toMatch(/\.\/door\//)
  })
})
