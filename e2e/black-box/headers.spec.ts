import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Client, type Answer } from '../support/http.ts'
import { inBatches, manifestRoutes, spellings } from '../support/route-manifest.ts'
import { expect, test } from '../support/test.ts'
import { createVisitors } from '../support/visitors.ts'

function expectHeaders(answer: Answer, what: string): void {
  const { headers } = answer
  const policy = String(headers['content-security-policy'])
  expect(policy, what).toMatch(/frame-ancestors 'none'/)
  expect(policy, what).toMatch(/object-src 'none'/)
  expect(policy, what).toMatch(/base-uri 'none'/)
  expect(policy, what).not.toMatch(/script-src[^;]*'unsafe-inline'/)
  expect(headers['x-content-type-options'], what).toBe('nosniff')
  expect(headers['referrer-policy'], what).toMatch(
    /^(same-origin|strict-origin-when-cross-origin|no-referrer)$/,
  )
  expect(headers['cross-origin-opener-policy'], what).toBe('same-origin')
  expect(headers['cross-origin-resource-policy'], what).toMatch(/^same-(origin|site)$/)
  expect(headers['x-powered-by'], what).toBeUndefined()
}

/** Those of the links of areas, too. */
const ours = /^\/(users|invitations|organizations\/transfers)\//

const beside = ['/no-such-page', '/no-such-page.data', '/__manifest', '/assets/no-such-file.js']

test('HDR-01 HDR-03 every answer of every route carries the security headers, and what is somebody’s own is never stored', async () => {
  test.slow()
  const visitors = await createVisitors('nobody', 'signed in with sudo', 'waiting for a second factor')
  const visits = visitors.flatMap((visitor) =>
    manifestRoutes().flatMap((route) => spellings(route).map((path) => ({ visitor, route, path }))),
  )
  await inBatches(visits, async ({ visitor: { client, name }, route, path }) => {
    const answer = await client.get(path)
    expectHeaders(answer, `${name}: ${path}`)
    const isOwn = ours.test(path) || (name.startsWith('signed in') && route.resource !== true)
    if (isOwn) expect(String(answer.headers['cache-control']), `${name}: ${path}`).toContain('no-store')
  })
})

test('HDR-01 so do refusals, what is broken, and what is no route', async () => {
  for (const path of beside) expectHeaders(await new Client().get(path), path)
  await inBatches(manifestRoutes(), async ({ path }) => {
    expectHeaders(await new Client().ask(path, { method: 'OPTIONS' }), `OPTIONS ${path}`)
    expectHeaders(await new Client().post(path, { email: '\u0000' }), `POST ${path}`)
    const refused = await new Client().post(path, {}, { 'Sec-Fetch-Site': 'cross-site' })
    expectHeaders(refused, `a refusal of ${path}`)
  })
})

test('HDR-04 the nonce is new on each page, on every script, and no handler is inline', async () => {
  const client = new Client()
  const pages = [await client.get('/users/log-in'), await client.get('/users/log-in')]
  const nonces = pages.map(
    (page) => /'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1],
  )
  expect(nonces[0]).toBeTruthy()
  expect(nonces[0]).not.toBe(nonces[1])
  for (const [index, page] of pages.entries()) {
    for (const [tag] of page.body.matchAll(/<script\b[^>]*>/g))
      expect(tag).toContain(`nonce="${nonces[index]}"`)
    expect(page.body).not.toMatch(/<[^>]+\son[a-z]+=/i)
    expect(page.body).not.toMatch(/<[^>]+\sstyle=/i)
  }
})

test('HDR-02 a page of ours shows nothing in a frame', async ({ page, origin }) => {
  await page.route('http://framer.localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${origin}/users/log-in"></iframe>` }),
  )
  await page.goto('http://framer.localhost/')
  await page.waitForTimeout(500)
  const frame = page.frames().find((each) => each !== page.mainFrame())
  expect(
    await frame
      ?.getByLabel('Email')
      .count()
      .catch(() => 0),
  ).toBe(0)
})

test('CFG-02 a default production build has no mailbox, neither route nor code', async () => {
  for (const path of ['/dev/mailbox', '/dev/mailbox/messages', '/dev/mailbox.data']) {
    expect((await new Client().get(path)).status, path).toBe(404)
  }
  const build = join(import.meta.dirname, '../../playground/build')
  const search = ['-rlE', 'dev/mailbox|mailbox/messages', join(build, 'client'), join(build, 'server')]
  expect(spawnSync('grep', search, { encoding: 'utf8' }).stdout).toBe('')
})

test('CFG-04 RR-07 an error page says a sentence and a request id, never a stack, SQL or a path', async () => {
  const answer = await new Client().get('/no-such-page')
  expect(answer.status).toBe(404)
  expect(answer.body).not.toMatch(/node_modules|\.tsx?:\d+|at \w+ \(/)
  expect(answer.headers['x-request-id']).toBeTruthy()
})
