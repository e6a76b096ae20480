import { ConfigInvalid } from '@sigra/core'
import { expect, it } from 'vitest'
import { createTestRuntime, createTestUser } from '../../mikro-orm/src/testing/index.ts'
import { runWorker } from './run-worker.ts'
import { plainMails } from './testing-only/plain-mails.ts'

it('CFG-02: refuses to send mail in production while there are demo users', async () => {
  const test = await createTestRuntime({ production: true })
  await createTestUser(test, { email: 'ada@seed.example' })
  const running = runWorker({
    sigra: { edge: test },
    mails: plainMails,
    transport: async () => undefined,
    from: 'hello@example.com',
  })
  await expect(running).rejects.toThrow(ConfigInvalid)
  await test.close()
})
