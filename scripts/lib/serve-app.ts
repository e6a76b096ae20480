import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { messageOf } from './failure.ts'
import { type Ended, freePort, killGroup, waitForGroup } from './run.ts'

/** Starts the production build as its owner starts it: accounts, its own page and the health check answer. */
export async function serveApp(
  directory: string,
  env: NodeJS.ProcessEnv,
  [file, ...args]: readonly [string, ...string[]] = ['npm', 'start'],
): Promise<Omit<Ended, 'answer'>> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const settings = {
    PORT: String(port),
    APP_ORIGIN: origin,
    SIGRA_SECRETS: `test:${randomBytes(32).toString('base64url')}`,
    SIGRA_ALLOW_LOOPBACK_HTTP: '1',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'App <app@example.com>',
    TRUSTED_PROXIES: '0',
  }
  const child = spawn(file, args, { cwd: directory, env: { ...env, ...settings }, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)))
  try {
    return { code: 0, output: await visit(origin, await registerPath(directory)) }
  } catch (error) {
    return { code: 1, output: `${messageOf(error)}\n${output}` }
  } finally {
    if (child.exitCode === null) killGroup(child, 'SIGTERM')
    await waitForGroup(child)
  }
}

async function visit(origin: string, register: string): Promise<string> {
  for (const path of ['/health/ready', '/', register]) {
    const answer = await askUntilUp(`${origin}${path}`)
    if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}.`)
    if (!answer.headers.has('x-request-id')) throw new Error(`${path} did not go through the wrapper.`)
  }
  // A form takes what it knows: only the app of the guide on own fields asks for a name.
  const answers = { email: 'owner@example.com', password: 'a quiet river under stones', displayName: 'Ada' }
  const form = new URLSearchParams(answers)
  const headers = { origin, 'sec-fetch-site': 'same-origin' }
  const { status } = await fetch(`${origin}${register}`, {
    method: 'POST',
    body: form,
    headers,
    redirect: 'manual',
  })
  if (status !== 302 && status !== 303) throw new Error(`Registering answers ${status}.`)
  return 'served'
}

async function askUntilUp(url: string): Promise<Response> {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const answer = await fetch(url).catch(() => null)
    if (answer) return answer
    await sleep(100)
  }
  throw new Error('The app did not answer within 30 seconds.')
}

/** Wherever the app's owner put it. */
async function registerPath(directory: string): Promise<string> {
  const { paths } = await import(pathToFileURL(join(directory, 'app/paths.ts')).href)
  return paths.register
}
