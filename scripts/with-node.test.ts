import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const scripts = import.meta.dirname
const oldVersion = '18.20.8'
const pretendOld = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '${oldVersion}' })`
// Takes what npx is asked with: -y --loglevel=error -p <package> -- node -p process.execPath
const fakeNpx = `#!/bin/sh
echo "$4" >> "$FAKE_LOG"
case "$4" in
  node@*) echo "$FAKE_NODE" ;;
  *) echo "$FAKE_PLATFORM_NODE" ;;
esac
`
const fakeOldNode = `#!/bin/sh\necho ${oldVersion}\n`
const currentNode = `#!/bin/sh\nexec '${process.execPath}' "$@"\n`

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigra-with-node-'))
  await writeProgram('npx', fakeNpx)
  await writeProgram('old/node', fakeOldNode)
  await writeProgram('current/node', currentNode)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function writeProgram(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true })
  await writeFile(join(folder, name), text)
  await chmod(join(folder, name), 0o755)
}

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

interface RunOptions {
  isOld?: boolean
  env?: Record<string, string>
  args?: string[]
  /** Sent as soon as the script has printed its first line. */
  signal?: NodeJS.Signals
}

/** Runs a script of this text as `npm test` would run it. */
async function runScript(text: string, { isOld = false, env = {}, args = [], signal }: RunOptions = {}) {
  await writeFile(join(folder, 'script.mjs'), text)
  const script = relative(scripts, join(folder, 'script.mjs'))
  const child = spawn(
    process.execPath,
    [...(isOld ? ['--import', pretendOld] : []), join(scripts, 'with-node.mjs'), script, ...args],
    {
      env: {
        ...process.env,
        PATH: [folder, process.env['PATH']].join(delimiter),
        FAKE_LOG: join(folder, 'log'),
        ...env,
      },
    },
  )
  return new Promise<Ran>((resolve) => {
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout === '' && signal) child.kill(signal)
      stdout += String(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

const asked = async () => (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).trim().split('\n')

describe('a script under a current Node', () => {
  it('runs there and then, with its arguments and its exit code', async () => {
    const ran = await runScript('console.log(process.argv.slice(2).join()); process.exit(3)', {
      args: ['--one', 'two'],
    })
    expect(ran).toEqual({ code: 3, stdout: '--one,two\n', stderr: '' })
    expect(await asked()).toEqual([''])
  })

  it('is told to end when its starter is', async () => {
    const text = `process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000)`
    expect(await runScript(text, { signal: 'SIGTERM' })).toMatchObject({ code: 7 })
  })
})

describe('a script under a Node that is too old', () => {
  const report = `console.log(JSON.stringify({
    args: process.argv.slice(2),
    first: process.env.PATH.split(':')[0],
    fetched: process.env.SIGRA_FETCHED_NODE,
    traces: ['npm_config_user_agent', 'npm_node_execpath', 'NODE'].filter((name) => name in process.env),
  })); process.exit(5)`
  const env = { npm_config_user_agent: 'npm/10 node/v18', npm_node_execpath: '/old/node', NODE: '/old/node' }

  it('says so and runs under a current one, which npm of that run finds as well', async () => {
    const ran = await runScript(report, {
      isOld: true,
      args: ['x'],
      env: { ...env, FAKE_NODE: join(folder, 'current/node') },
    })
    expect(ran).toMatchObject({ code: 5, stderr: '' })
    const [first, second, json = ''] = ran.stdout.split('\n')
    expect(first).toBe(`Node ${oldVersion} is older than 22.22.0: getting Node 24 from npm for this run.`)
    expect(second).toBe(`Running under Node ${process.versions.node}.`)
    expect(JSON.parse(json)).toEqual({
      args: ['x'],
      first: join(folder, 'current'),
      fetched: join(folder, 'current/node'),
      traces: [],
    })
    expect(await asked()).toEqual(['node@24'])
  })

  it('does not go round in circles where npm may run no install scripts and finds the old one again', async () => {
    const found = {
      FAKE_NODE: join(folder, 'old/node'),
      FAKE_PLATFORM_NODE: join(folder, 'current/node'),
    }
    const ran = await runScript(report, { isOld: true, env: { ...env, ...found } })
    expect(ran.code).toBe(5)
    expect(await asked()).toEqual(['node@24', `node-${process.platform}-${process.arch}@24`])
  })

  it('says what to do where none can be fetched', async () => {
    const ran = await runScript(report, {
      isOld: true,
      env: { ...env, FAKE_NODE: '', FAKE_PLATFORM_NODE: '' },
    })
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Install one from https://nodejs.org'),
    })
  })
})
