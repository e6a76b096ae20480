// npm run try: builds and packs everything, creates an app from the packages as a user would, and starts it.
import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAndPack, create, installApp, installCreate } from './lib/packed.mjs'
import { stopAll, waitForGroup } from './lib/run.mjs'
import { complain, say } from './lib/say.mjs'
import { makeTryFolder } from './lib/try-folder.mjs'
import { root } from './lib/workspace.mjs'

const HELP = `npm run try -- [--dir <folder>] [--port <number>] [--no-start]

  --dir       Where the app is made; new or empty. Default: a new folder in ${tmpdir()}, which goes
              away afterwards unless something in it was changed
  --port      Port of the app; the next free one when it is taken
  --no-start  Only make the app`

let app = null
let signalled = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => leave(signal))

process.exitCode = await main().catch((error) => {
  if (signalled) return 130
  complain(error.message)
  return 1
})

async function main() {
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
function startCommand(directory) {
  const fetched = process.env.SIGRA_FETCHED_NODE
  const path = fetched === undefined ? '' : `PATH=${quote(dirname(fetched))}:"$PATH" `
  return `cd ${quote(directory)} && ${path}npm run dev`
}

function quote(word) {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

function readOptions() {
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
    complain(`${error.message}\n\n${HELP}`)
    return 2
  }
}

async function findProblem(directory) {
  const inside = relative(root, directory)
  if (inside === '' || !inside.startsWith('..')) {
    return `${directory} is inside this repository, whose packages it would find by accident. Choose a folder outside.`
  }
  const entries = await readdir(directory).catch((error) => (error.code === 'ENOENT' ? [] : null))
  if (entries === null) return `${directory} is not a folder.`
  return entries.length > 0
    ? `${directory} is not empty. Choose a new folder with --dir, or empty this one.`
    : null
}

async function start(directory, port) {
  app = spawn('npm', ['run', 'dev', '--silent', '--', ...(port === undefined ? [] : ['--port', port])], {
    cwd: directory,
    stdio: 'inherit',
    detached: true, // Ctrl-C reaches this process alone, which waits until everything below has ended
  })
  const code = await new Promise((done) => {
    app.once('error', () => done(1))
    app.once('exit', (exitCode) => done(exitCode ?? 1))
  })
  await waitForGroup(app)
  return signalled ? 130 : code
}

async function leave(signal) {
  if (signalled) return
  signalled = signal
  if (app) {
    try {
      process.kill(-app.pid, 'SIGTERM')
    } catch {
      // It has ended by itself.
    }
    return
  }
  await stopAll()
  process.exit(130)
}
