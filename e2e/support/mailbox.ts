import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MikroORM } from '@mikro-orm/postgresql'
import type { Page } from '@playwright/test'
import { createRootSecret } from '@sigra/core'
import { createSigra } from '@sigra/remix'
import { mailboxPage } from '@sigra/remix/mailbox'
import { entities } from '../../generators/template/app/accounts/entities/index.ts'

const text = 'Hello,\n\nthis is a message with a line that is long enough to need wrapping on a small screen.'
const html = `<!doctype html><html lang="en"><head><title>Hello</title></head><body><p>${text}</p></body></html>`
const message = {
  id: '1',
  to: 'reader@example.com',
  from: 'Playground <playground@example.com>',
  subject: 'Hello',
  text,
  html,
  headers: {},
  sentAt: '2026-05-04T09:41:00.000Z',
}
const sample = { name: 'confirmAddress', subject: 'Confirm your address', html, text }

/**
 * The mailbox is no part of a production build, so its own answers are put before the browser: empty, with a message
 * open as HTML and as text, and with a template.
 */
export async function showMailbox(page: Page, check: (page: Page) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'sigra-mailbox-'))
  const options = { directory, samples: () => [sample] }
  const owner = createOwner()
  try {
    await page.route('**/dev/mailbox*', async (route) => {
      const answer = await mailboxPage(owner, { request: new Request(route.request().url()) }, options)
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      })
    })
    for (const query of ['', '?open=template%3AconfirmAddress', '?open=1&as=text', '?open=1']) {
      await page.goto(`/dev/mailbox${query}`)
      await page.locator('iframe').evaluateAll(openFrames)
      await check(page)
      if (query === '') await writeFile(join(directory, '1.json'), JSON.stringify(message))
    }
  } finally {
    await page.unroute('**/dev/mailbox*')
    await rm(directory, { recursive: true, force: true })
  }
}

/** Nothing can look into a frame where no script runs: an empty one of the same name takes its place. */
function openFrames(frames: Element[]): void {
  for (const frame of frames) {
    const open = frame.cloneNode()
    if (open instanceof Element) for (const name of ['sandbox', 'src']) open.removeAttribute(name)
    frame.replaceWith(open)
  }
}

/** The app in development, as far as its mailbox knows it: no database is asked, and of no area. */
function createOwner() {
  return createSigra({
    orm: new MikroORM({
      entities: Object.values(entities),
      clientUrl: 'postgresql://nobody@127.0.0.1:1/nothing',
    }),
    entities,
    origin: process.env['E2E_ORIGIN'] ?? '',
    secrets: createRootSecret(),
    appName: 'Playground',
    production: false,
  })
}
