import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, mustRun, waitForGroup } from './run.mjs'
import { root } from './workspace.mjs'

const AUTHOR = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']

/**
 * An app that was there before, in a repository of its own, with accounts installed into it; then what the command
 * asked to do by hand, from the folder `<host>.by-hand`.
 *
 * @returns {Promise<{ id: string, outcome: string, snippet?: string }[]>} the edits, as `--json` reports them
 */
export async function prepareHost(program, directory, host, args) {
  const source = join(root, 'fixtures/hosts', host)
  await cp(source, directory, { recursive: true })
  const git = (...words) => mustRun('git', [...AUTHOR, ...words], { cwd: directory })
  await git('init', '--quiet')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'Start')

  const all = [program, '.', ...args, '--yes', '--no-install', '--json']
  const { plan } = JSON.parse(await mustRun(process.execPath, all, { cwd: directory }))
  const byHand = `${source}.by-hand`
  if (existsSync(byHand)) await cp(byHand, directory, { recursive: true })
  return plan.edits
}

/** A host with a database of its own makes the migration, and puts into it the lines that were printed for it. */
export async function makeMigration(directory, edits, env) {
  const { snippet } = edits.find(({ id, outcome }) => id === 'migration' && outcome === 'manual') ?? {}
  if (snippet === undefined) return
  const [command, lines] = splitOnce(snippet, '\n')
  const [up, down] = splitOnce(lines, '// at the end of its down():')
  const [file, ...args] = command.split(' ')
  const folder = join(directory, 'migrations')
  const before = await readdir(folder)
  await mustRun(file, args, { cwd: directory, env })

  const made = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !before.includes(name))
  if (made.length !== 1) throw new Error(`${command} made ${made.length} migrations.`)
  const text = await readFile(join(folder, made[0]), 'utf8')
  if (text.includes('create table "notes"')) throw new Error(`${command} makes a table of the host again.`)
  const [head, tail] = splitOnce(text, '\n  }\n\n  override down')
  const [downHead, end] = splitOnce(tail, '\n  }\n')
  const whole = `${head}\n${up}\n  }\n\n  override down${downHead}\n${down}\n  }\n${end}`
  await writeFile(join(folder, made[0]), whole)
}

/** Starts the production build as the host starts it: accounts, its own page and the health check answer. */
export async function serveHost(directory, env) {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const settings = {
    PORT: String(port),
    APP_ORIGIN: origin,
    SIGRA_SECRETS: `test:${randomBytes(32).toString('base64url')}`,
    SIGRA_ALLOW_LOOPBACK_HTTP: '1',
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'Host <host@example.com>',
    TRUSTED_PROXIES: '0',
  }
  const child = spawn('npm', ['start'], { cwd: directory, env: { ...env, ...settings }, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  try {
    return { code: 0, output: await visit(origin, await routePrefix(directory)) }
  } catch (error) {
    return { code: 1, output: `${error.message}\n${output}` }
  } finally {
    if (child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await waitForGroup(child)
  }
}

async function visit(origin, prefix) {
  for (const path of ['/health/ready', '/', `${prefix}/register`]) {
    const answer = await askUntilUp(`${origin}${path}`)
    if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}.`)
    if (!answer.headers.has('x-request-id')) throw new Error(`${path} did not go through the wrapper.`)
  }
  const form = new URLSearchParams({ email: 'owner@example.com', password: 'a quiet river under stones' })
  const headers = { origin, 'sec-fetch-site': 'same-origin' }
  const init = { method: 'POST', body: form, headers, redirect: 'manual' }
  const { status } = await fetch(`${origin}${prefix}/register`, init)
  if (status !== 302 && status !== 303) throw new Error(`Registering answers ${status}.`)
  return 'served'
}

async function askUntilUp(url) {
  for (let waited = 0; waited < 30_000; waited += 100) {
    const answer = await fetch(url).catch(() => null)
    if (answer) return answer
    await sleep(100)
  }
  throw new Error('The host did not answer within 30 seconds.')
}

async function routePrefix(directory) {
  const { names } = JSON.parse(await readFile(join(directory, 'sigra.json'), 'utf8'))
  return `/${names.table}`
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator)
  if (at === -1) throw new Error(`There is no “${separator.trim()}” in:\n${text}`)
  return [text.slice(0, at), text.slice(at + separator.length)]
}
