import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readMails, waitForMail } from './mailbox.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sigra-mails-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

describe('waitForMail', () => {
  it('finds link and code in the newest mail to an address', async () => {
    await put(1, { to: 'ada@example.com', text: 'Open https://app.test/users/confirm/old' })
    await put(2, {
      to: 'ada@example.com',
      text: 'Confirm: https://app.test/users/confirm/AA123456bb\nOr enter the code 042 137.',
    })
    await put(3, { to: 'bob@example.com', text: 'Something else' })

    expect(await waitForMail(directory, { to: 'ada@example.com' })).toMatchObject({
      link: 'https://app.test/users/confirm/AA123456bb',
      code: '042137',
    })
  })

  it('waits for a mail that is still under way', async () => {
    const waiting = waitForMail(directory, { to: 'ada@example.com' })
    await put(1, { to: 'ada@example.com', text: 'Hello' })
    expect(await waiting).toMatchObject({ link: null, code: null, sentAt: new Date(1) })
  })

  it('names what came instead', async () => {
    await put(1, { to: 'bob@example.com', subject: 'Hello Bob' })
    const waiting = waitForMail(directory, { to: 'ada@example.com', timeoutMilliseconds: 0 })
    await expect(waiting).rejects.toThrow(
      'No mail to ada@example.com. There is: "Hello Bob" to bob@example.com.',
    )
  })
})

describe('readMails', () => {
  it('is empty where no mail was ever sent', async () => {
    expect(await readMails(join(directory, 'none'))).toEqual([])
  })
})

async function put(at: number, mail: { to: string; text?: string; subject?: string }): Promise<void> {
  const message = {
    id: String(at),
    from: 'app@app.test',
    subject: 'Hello',
    text: '',
    html: '',
    headers: {},
    ...mail,
  }
  await writeFile(
    join(directory, `${at}-${at}.json`),
    JSON.stringify({ ...message, sentAt: new Date(at).toISOString() }),
  )
}
