// Runs a script of this folder under a Node that can run it. Built-ins of Node 18 only: this file is what an old Node sees.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MINIMUM = [22, 22, 0]
const DEVELOPED_ON = 24

const [script, ...args] = process.argv.slice(2)
if (!script) {
  console.error('Usage: node scripts/with-node.mjs <script> [arguments]')
  process.exit(2)
}

const node = isRecent(process.versions.node) ? process.execPath : findCurrentNode()
if (node === process.execPath) {
  run(node, process.env)
} else {
  // npm and npx of the child must find the same Node, and none of the old one's traces.
  const env = { ...process.env }
  for (const name of ['npm_config_user_agent', 'npm_node_execpath', 'NODE']) delete env[name]
  // What it says somebody should run needs that Node too: theirs is the old one.
  run(node, { ...env, SIGRA_FETCHED_NODE: node, PATH: [dirname(node), env.PATH].join(delimiter) })
}

function findCurrentNode() {
  console.log(
    `Node ${process.versions.node} is older than ${MINIMUM.join('.')}: getting Node ${DEVELOPED_ON} from npm for this run.`,
  )
  // With install scripts blocked `node@24` brings no program and npx finds the old Node again: compare versions.
  const platform = process.platform === 'win32' ? 'win' : process.platform
  for (const name of [`node@${DEVELOPED_ON}`, `node-${platform}-${process.arch}@${DEVELOPED_ON}`]) {
    const path = askNpx(name)
    if (path) {
      console.log(`Running under Node ${versionOf(path)}.`)
      return path
    }
  }
  console.error(
    `No Node ${MINIMUM.join('.')} or newer could be fetched from npm. Install one from https://nodejs.org and run this again.`,
  )
  process.exit(1)
}

function askNpx(packageName) {
  try {
    const found = execFileSync(
      'npx',
      ['-y', '--loglevel=error', '-p', packageName, '--', 'node', '-p', 'process.execPath'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    ).trim()
    return existsSync(found) && isRecent(versionOf(found)) ? found : null
  } catch {
    return null
  }
}

function versionOf(path) {
  return execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
}

function isRecent(version) {
  const parts = version.split('.').map(Number)
  const index = MINIMUM.findIndex((minimum, position) => parts[position] !== minimum)
  return index === -1 || parts[index] > MINIMUM[index]
}

function run(file, env) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  // The scripts are TypeScript, whose types Node leaves out; before Node 24 it says each time that this is new.
  const flags = ['--disable-warning=ExperimentalWarning']
  const child = spawn(file, [...flags, join(root, 'scripts', script.replace(/^scripts\//, '')), ...args], {
    env,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the whole group: the child has it already and decides when to end.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)))
  }
  child.on('error', (error) => {
    console.error(`${file} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
