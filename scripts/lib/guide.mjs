import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mustRun, waitForGroup } from './run.mjs'

const SERVES = 'npm run dev'

/** The commands of a guide's `sh` blocks, line by line, in the order a reader meets them. */
export async function readCommands(file) {
  const text = await readFile(file, 'utf8')
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  )
}

/**
 * Does what a guide tells to do, as it is written. `cd` changes the folder, `npm run dev` goes on in the background
 * while `visit` is done and then ends by Ctrl-C; everything else must end with 0.
 */
export async function follow(commands, { folder, env, say, visit }) {
  let cwd = folder
  for (const command of commands) {
    say(`$ ${command}`)
    const [file, ...args] = command.split(' ')
    if (file === 'cd') cwd = join(cwd, args[0])
    else if (command === SERVES) await serve(cwd, env, visit)
    else await mustRun(file, args, { cwd, env })
  }
  return cwd
}

async function serve(cwd, env, visit) {
  const child = spawn('npm', ['run', 'dev'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  try {
    const origin = await waitForOrigin(() => output, child)
    await visit(origin)
  } catch (error) {
    throw new Error(`${error.message}\n${SERVES} printed:\n${output}`, { cause: error })
  } finally {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    await waitForGroup(child)
  }
}

async function waitForOrigin(read, child) {
  for (let waited = 0; waited < 120_000; waited += 200) {
    const [origin] = /http:\/\/localhost:\d+/.exec(read().match(/App\s+http\S+/)?.[0] ?? '') ?? []
    if (origin !== undefined) return origin
    if (child.exitCode !== null) throw new Error(`${SERVES} ended with ${child.exitCode}.`)
    await sleep(200)
  }
  throw new Error(`${SERVES} printed no address within two minutes.`)
}

/** What “Register” of the guide says, by hand: register, read the mailbox, in by the code, the dashboard. */
export async function registerByHand(origin) {
  const email = 'reader@example.com'
  const password = 'a quiet river under stones'
  const browser = createBrowser(origin)
  const registered = await browser.post('/users/register', { email, password })
  const mail = await waitForMail(origin, email)
  const [code] = /(?<!\d)\d{6}(?!\d)/.exec(mail.text) ?? []
  await browser.post(registered.headers.get('location'), { code })
  const stranger = await createBrowser(origin).get('/dashboard')
  if (stranger.status !== 303 && stranger.status !== 302)
    throw new Error(`A stranger’s dashboard answers ${stranger.status}.`)
  const page = await browser.get('/dashboard')
  if (page.status !== 200 || !(await page.text()).includes(email))
    throw new Error('The code of the mail did not lead to the dashboard.')
}

async function waitForMail(origin, email) {
  for (let waited = 0; waited < 30_000; waited += 200) {
    const mails = await (await fetch(`${origin}/dev/mailbox/messages`)).json()
    const mail = mails.find(({ to }) => JSON.stringify(to).includes(email))
    if (mail !== undefined) return mail
    await sleep(200)
  }
  throw new Error('No mail came to the mailbox within 30 seconds.')
}

/** Keeps cookies; a post must be answered by a redirect. */
function createBrowser(origin) {
  const cookies = new Map()
  const ask = async (path, init = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(origin + path, {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, cookie },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=')
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    get: (path) => ask(path),
    async post(path, form) {
      const headers = { origin, 'sec-fetch-site': 'same-origin' }
      const answer = await ask(path, { method: 'POST', headers, body: new URLSearchParams(form) })
      if (answer.status !== 303 && answer.status !== 302) {
        throw new Error(`POST ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
      }
      return answer
    },
  }
}
