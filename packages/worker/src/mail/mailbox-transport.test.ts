import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSampleMessage } from '../testing-only/sample-message.ts'
import { mailboxTransport } from './mailbox-transport.ts'

let directory: string

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'sigra-mailbox-')), 'mailbox')
})

afterEach(() => rm(join(directory, '..'), { recursive: true, force: true }))

describe('mailboxTransport', () => {
  it('writes one readable file per message', async () => {
    await mailboxTransport(directory)(createSampleMessage())

    const [name = ''] = await readdir(directory)
    expect(name).toMatch(/^\d{13}-01890a5d-ac96-774b-bcce-b302099a8057\.json$/)
    expect(JSON.parse(await readFile(join(directory, name), 'utf8'))).toMatchObject({
      id: '01890a5d-ac96-774b-bcce-b302099a8057',
      to: 'ada@example.com',
      from: 'Acme <hello@app.test>',
      subject: 'Confirm your address',
      headers: { 'Message-ID': '<01890a5d-ac96-774b-bcce-b302099a8057@app.test>' },
    })
  })

  it('keeps a mail that is sent twice as one file', async () => {
    const send = mailboxTransport(directory)
    await send(createSampleMessage())
    await send(createSampleMessage())
    expect(await readdir(directory)).toHaveLength(1)
  })

  it('lets nobody else on the machine read the links', async () => {
    await mailboxTransport(directory)(createSampleMessage())
    const [name = ''] = await readdir(directory)
    expect((await stat(join(directory, name))).mode & 0o077).toBe(0)
    expect((await stat(directory)).mode & 0o077).toBe(0)
  })
})
