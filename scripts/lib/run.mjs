import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const running = new Set()

/**
 * Runs a program to its end in a process group of its own, so that `stopAll` reaches its children too.
 *
 * @returns {Promise<{ code: number, output: string, answer: string }>} the exit code; unless they are shown, all it
 *   printed, and what it printed to standard output alone
 */
export function run(file, args, options = {}) {
  const { cwd, env = process.env, show = false, timeoutMinutes = 20 } = options
  const child = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    detached: true,
  })
  running.add(child)
  const chunks = []
  const answers = []
  child.stdout?.on('data', (chunk) => (chunks.push(chunk), answers.push(chunk)))
  child.stderr?.on('data', (chunk) => chunks.push(chunk))
  const timer = setTimeout(() => {
    chunks.push(Buffer.from(`\nStopped after ${timeoutMinutes} minutes.\n`))
    killGroup(child, 'SIGKILL')
  }, timeoutMinutes * 60_000)

  return new Promise((resolve) => {
    const done = (code) => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ code, output: textOf(chunks), answer: textOf(answers) })
    }
    child.once('error', (error) => {
      chunks.push(Buffer.from(error.message))
      done(127)
    })
    child.once('close', (code) => done(code ?? 1))
  })
}

/** Like `run`, returns standard output, and throws with the end of all output when the exit code is not 0. */
export async function mustRun(file, args, options) {
  const { code, output, answer } = await run(file, args, options)
  if (code === 0) return answer
  throw new Error(`${[file, ...args].join(' ')} ended with ${code}.\n${lastLines(output, 60)}`)
}

/** The outer npm's settings must not steer the inner one. */
export function withoutNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => !key.startsWith('npm_') && key !== 'INIT_CWD'),
  )
}

function textOf(chunks) {
  return Buffer.concat(chunks).toString('utf8')
}

/** A port nobody listens on right now. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** The last lines of a text. */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** Ends every process started here, children included; what is left after `graceMilliseconds` is killed. */
export async function stopAll(graceMilliseconds = 15_000) {
  const children = [...running]
  for (const child of children) killGroup(child, 'SIGTERM')
  const ended = Promise.all(
    children.map((child) =>
      child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : null,
    ),
  )
  let timer
  await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, graceMilliseconds)))])
  clearTimeout(timer)
  for (const child of children) killGroup(child, 'SIGKILL')
}

/** Ends everything and leaves when the person, or the machine, asks for it. */
export function stopOnSignals() {
  let asked = false
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.on(signal, async () => {
      if (asked) return
      asked = true
      await stopAll()
      process.exit(code)
    })
  }
}

/** Waits until nobody of a child's process group is left: npm ends before what it started. */
export async function waitForGroup(child, limitMilliseconds = 20_000) {
  const deadline = Date.now() + limitMilliseconds
  while (isGroupAlive(child) && Date.now() < deadline) await sleep(50)
  killGroup(child, 'SIGKILL')
}

function isGroupAlive(child) {
  try {
    process.kill(-child.pid, 0)
    return true
  } catch {
    return false
  }
}

function killGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // The group is gone.
  }
}
