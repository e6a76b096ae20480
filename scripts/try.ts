// npm run try: builds and packs everything, creates an app from the packages as a user would, and starts it.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { hasCode, messageOf } from './lib/failure.ts'
import { buildAndPack, create, installApp, installCreate } from './lib/packed.ts'
import { killGroup, stopAll, waitForGroup } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { makeTryFolder } from './lib/try-folder.ts'
import { root } from './lib/workspace.ts'

const HELP = `npm run try -- [--dir <folder>] [--port <number>] [--no-start]

  --dir       Where the app is made; new or empty. Default: a new folder in ${tmpdir()}, which goes
              away afterwards unless something in it was changed
  --port      Port of the app; the next free one when it is taken
  --no-start  Only make the app`

interface TryOptions {
  dir?: string
  port?: string
  'no-start'?: boolean
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let app: ChildProcess | null = null
let isSignalled = false
for (const signal of SIGNALS) process.on(signal, leave)

process.exitCode = await main().catch((error: unknown) => {
  if (isSignalled) return 130
  complain(messageOf(error))
  return 1
})

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options

  const problem = options.dir === undefined ? null : await findProblem(resolve(options.dir))
  if (problem) {
    complain(problem)
    return 1
  }
  const folder = await makeTryFolder(options.dir)
  const directory = folder.app
  let isWanted = false
  process.once('exit', () => {
    if (folder.tidyUp(isWanted) && !isWanted)
      say(`The app differs from its first commit, so it is still in ${directory}`)
  })

  const tarballs = await buildAndPack(folder.packages, say)
  say('Installing create-sigra-remix from its package')
  const program = await installCreate(folder.create, tarballs)
  say(`Creating an app in ${directory}`)
  await create(program, directory, ['--git'])
  say('Installing the app (npm install)')
  await installApp(directory, tarballs)
  if (options['no-start']) {
    isWanted = true
    say(`Done. Start it with: ${startCommand(directory)}`)
    return 0
  }
  say('Starting it (npm run dev)')
  return start(directory, options.port)
}

/** In the shell of whoever reads it, whose own Node may be too old for the app. */
function startCommand(directory: string): string {
  const fetched = process.env.SIGRA_FETCHED_NODE
  const path = fetched === undefined ? '' : `PATH=${quote(dirname(fetched))}:"$PATH" `
  return `cd ${quote(directory)} && ${path}npm run dev`
}

function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

function readOptions(): TryOptions | number {
  try {
    const { values } = parseArgs({
      options: {
        dir: { type: 'string' },
        port: { type: 'string' },
        'no-start': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (!values.help) return values
    say(HELP)
    return 0
  } catch (error) {
    complain(`${messageOf(error)}\n\n${HELP}`)
    return 2
  }
}

async function findProblem(directory: string): Promise<string | null> {
  const inside = relative(root, directory)
  if (inside === '' || !inside.startsWith('..')) {
    return `${directory} is inside this repository, whose packages it would find by accident. Choose a folder outside.`
  }
  const entries = await readdir(directory).catch((error: unknown) => (hasCode(error, 'ENOENT') ? [] : null))
  if (entries === null) return `${directory} is not a folder.`
  return entries.length > 0
    ? `${directory} is not empty. Choose a new folder with --dir, or empty this one.`
    : null
}

async function start(directory: string, port: string | undefined): Promise<number> {
  const child = spawn(
    'npm',
    ['run', 'dev', '--silent', '--', ...(port === undefined ? [] : ['--port', port])],
    {
      cwd: directory,
      stdio: 'inherit',
      detached: true, // Ctrl-C reaches this process alone, which waits until everything below has ended
    },
  )
  app = child
  const code = await new Promise<number>((done) => {
    child.once('error', () => done(1))
    child.once('exit', (exitCode) => done(exitCode ?? 1))
  })
  await waitForGroup(child)
  return isSignalled ? 130 : code
}

async function leave(): Promise<void> {
  if (isSignalled) return
  isSignalled = true
  if (app) return killGroup(app, 'SIGTERM')
  await stopAll()
  process.exit(130)
}
