import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '../base64url.ts'
import { ConfigInvalid } from '../errors.ts'
import { createAuthenticationOptions, createEnrolmentOptions, createUserHandle } from './create-options.ts'
import { issueChallenge, relyingParty, userHandle } from './testing-only/ceremony.ts'

const input = { relyingParty, userHandle, userName: 'ada@app.test', exclude: [] }

describe('createUserHandle', () => {
  it('is 64 random bytes, from whoever is asked for them', () => {
    expect(createUserHandle()).toHaveLength(64)
    expect(createUserHandle()).not.toEqual(createUserHandle())
    expect(createUserHandle((bytes) => bytes.fill(3))).toEqual(new Uint8Array(64).fill(3))
  })
})

describe('createEnrolmentOptions', () => {
  it('asks for a passkey that signs in by itself and knows its owner', async () => {
    const challenge = issueChallenge('sudo')
    expect(await createEnrolmentOptions({ ...input, challenge })).toMatchObject({
      rp: { id: 'app.test', name: 'App' },
      user: { id: encodeBase64Url(userHandle), name: 'ada@app.test', displayName: 'ada@app.test' },
      challenge,
      attestation: 'none',
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      timeout: 300_000,
      excludeCredentials: [],
    })
  })

  it('PK-11 offers the three algorithms that every supported Node can check, whatever this one could', async () => {
    const { pubKeyCredParams } = await createEnrolmentOptions({ ...input, challenge: issueChallenge() })
    expect(pubKeyCredParams.map(({ alg }) => alg)).toEqual([-8, -7, -257])
  })

  it('PK-11 excludes the passkeys the user has', async () => {
    const exclude = [{ credentialId: new Uint8Array(16).fill(1), transports: ['internal'] }]
    const { excludeCredentials } = await createEnrolmentOptions({
      ...input,
      challenge: issueChallenge(),
      exclude,
    })
    expect(excludeCredentials).toEqual([
      { id: encodeBase64Url(new Uint8Array(16).fill(1)), transports: ['internal'], type: 'public-key' },
    ])
  })

  it('refuses a user handle of another length', async () => {
    const short = createEnrolmentOptions({
      ...input,
      challenge: issueChallenge(),
      userHandle: new Uint8Array(63),
    })
    await expect(short).rejects.toThrow(ConfigInvalid)
  })
})

describe('createAuthenticationOptions', () => {
  it('ENUM-11 asks the same of everybody: an empty list of passkeys, and the owner verified', async () => {
    const challenge = issueChallenge()
    expect(await createAuthenticationOptions(relyingParty, challenge)).toEqual({
      rpId: 'app.test',
      challenge,
      allowCredentials: [],
      timeout: 300_000,
      userVerification: 'required',
      extensions: undefined,
    })
  })

  it('lets the browser wait as long as the challenge works', async () => {
    const options = await createAuthenticationOptions(relyingParty, issueChallenge(), { lifeSeconds: 60 })
    expect(options.timeout).toBe(60_000)
  })
})
