import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from './failure.ts'
import { killGroup, mustRun, waitForGroup } from './run.ts'
import type { Say } from './say.ts'

/** Where and how a guide is followed. */
export interface Reader {
  folder: string
  env: NodeJS.ProcessEnv
  say: Say
  /** What somebody does while the app runs. */
  visit(origin: string): Promise<void>
}

interface Browser {
  get(path: string): Promise<Response>
  post(path: string, form: Record<string, string>): Promise<Response>
}

interface Mail {
  to: unknown
  text: string
}

const SERVES = 'npm run dev'

/** The commands of a guide's `sh` blocks, line by line, in the order a reader meets them. */
export async function readCommands(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8')
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  )
}

/**
 * Does what a guide tells to do, as it is written. `cd` changes the folder, `npm run dev` goes on in the background
 * while `visit` is done and then ends by Ctrl-C; everything else must end with 0.
 *
 * @returns The folder in which the guide ends.
 */
export async function follow(
  commands: readonly string[],
  { folder, env, say, visit }: Reader,
): Promise<string> {
  let cwd = folder
  for (const command of commands) {
    say(`$ ${command}`)
    const [file = '', ...args] = wordsOf(command)
    if (file === 'cd') cwd = join(cwd, ...args)
    else if (command === SERVES) await serve(cwd, env, visit)
    else await mustRun(file, args, { cwd, env })
  }
  return cwd
}

/** As a shell takes them: what stands in quotes is one word, without them. */
function wordsOf(command: string): string[] {
  return Array.from(command.matchAll(/"([^"]*)"|\S+/g), ([word, quoted]) => quoted ?? word)
}

async function serve(cwd: string, env: NodeJS.ProcessEnv, visit: Reader['visit']): Promise<void> {
  const child = spawn('npm', ['run', 'dev'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)))
  try {
    const origin = await waitForOrigin(() => output, child)
    await visit(origin)
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${SERVES} printed:\n${output}`, { cause: error })
  } finally {
    if (child.exitCode === null) killGroup(child, 'SIGINT')
    await waitForGroup(child)
  }
}

async function waitForOrigin(read: () => string, child: ChildProcess): Promise<string> {
  for (let waited = 0; waited < 120_000; waited += 200) {
    const [origin] = /http:\/\/localhost:\d+/.exec(read().match(/App\s+http\S+/)?.[0] ?? '') ?? []
    if (origin !== undefined) return origin
    if (child.exitCode !== null) throw new Error(`${SERVES} ended with ${child.exitCode}.`)
    await sleep(200)
  }
  throw new Error(`${SERVES} printed no address within two minutes.`)
}

/** What “Register” of the guide says, by hand: register, read the mailbox, in by the code, the dashboard. */
export async function registerByHand(origin: string): Promise<void> {
  const email = 'reader@example.com'
  const password = 'a quiet river under stones'
  const browser = createBrowser(origin)
  const registered = await browser.post('/users/register', { email, password })
  const mail = await waitForMail(origin, email)
  const [code] = /(?<!\d)\d{6}(?!\d)/.exec(mail.text) ?? []
  await browser.post(registered.headers.get('location') ?? '', { code: code ?? '' })
  const stranger = await createBrowser(origin).get('/dashboard')
  if (stranger.status !== 303 && stranger.status !== 302)
    throw new Error(`A stranger’s dashboard answers ${stranger.status}.`)
  const page = await browser.get('/dashboard')
  if (page.status !== 200 || !(await page.text()).includes(email))
    throw new Error('The code of the mail did not lead to the dashboard.')
}

async function waitForMail(origin: string, email: string): Promise<Mail> {
  for (let waited = 0; waited < 30_000; waited += 200) {
    const mails: Mail[] = await (await fetch(`${origin}/dev/mailbox/messages`)).json()
    const mail = mails.find(({ to }) => JSON.stringify(to).includes(email))
    if (mail !== undefined) return mail
    await sleep(200)
  }
  throw new Error('No mail came to the mailbox within 30 seconds.')
}

/** Keeps cookies; a post must be answered by a redirect. */
function createBrowser(origin: string): Browser {
  const cookies = new Map<string, string>()
  const ask = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(origin + path, {
      redirect: 'manual',
      ...init,
      headers: init.method === 'POST' ? { cookie, origin, 'sec-fetch-site': 'same-origin' } : { cookie },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]*)=?([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    get: (path) => ask(path),
    async post(path, form) {
      const answer = await ask(path, { method: 'POST', body: new URLSearchParams(form) })
      if (answer.status !== 303 && answer.status !== 302) {
        throw new Error(`POST ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
      }
      return answer
    },
  }
}
