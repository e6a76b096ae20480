import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { findNextFreePort } from '../postgres/free-port.ts'
import { createGeneratedApp } from './testing-only/generated-app.ts'

const broken = `export function loader() {
  throw new Error('The shelf is empty')
}

export default function Broken() {
  return null
}
`

it('shows what a page failed with, stack and all, on the page and line by line in the terminal', async () => {
  const app = await createGeneratedApp({})
  await writeFile(join(app.root, 'app/routes/broken.tsx'), broken)
  await app.edit('app/routes.ts', /index\(([^)]*)\)/u, "index($1), route('broken', 'routes/broken.tsx')")
  const { origin, output } = await startDev(app.root)

  const page = await fetch(`${origin}/broken`)
  const html = await page.text()
  expect(page.status).toBe(500)
  expect(html).toContain('<pre class="stack">Error: The shelf is empty')
  expect(html).toMatch(/at loader \([^)]*broken\.tsx:2:/u)
  const said = () => output().split('\n')
  await expect
    .poll(said)
    .toContainEqual(expect.stringMatching(/ error request\.failed: The shelf is empty$/u))
  await expect.poll(said).toContainEqual(expect.stringMatching(/^ {4}at loader \([^)]*broken\.tsx:2:/u))
})

async function startDev(root: string): Promise<{ origin: string; output: () => string }> {
  const port = await findNextFreePort(7400 + Math.floor(Math.random() * 2000))
  const { DATABASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, [...programArguments('bin'), 'dev', '--port', String(port)], {
    cwd: root,
    env: { ...env, SIGRA_SECRETS: `test:${'A'.repeat(43)}` },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const origin = `http://localhost:${port}`
  await expect.poll(() => output, { timeout: 200_000 }).toContain(`App      ${origin}`)
  return { origin, output: () => output }
}
