import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { mustRun } from './run.mjs'

/**
 * Does what a guide's Dockerfile tells, step by step and without Docker: each stage is a folder, `RUN` runs in it. Its
 * base images are this machine, so FROM and USER are only read.
 *
 * @param {string} guide with one `dockerfile` block, and the `.dockerignore` in the `text` block after it
 * @param {{ context: string, scratch: string, env: NodeJS.ProcessEnv, say(line: string): void }} options
 * @returns {Promise<{ directory: string, env: NodeJS.ProcessEnv, command: string[] }>} what would be started
 */
export async function followDockerfile(guide, { context, scratch, env, say }) {
  const text = await readFile(guide, 'utf8')
  const [, steps, rest] = /^```dockerfile\n([^]*?)^```$([^]*)/m.exec(text) ?? []
  const [, ignored] = /^```text\n([^]*?)^```$/m.exec(rest ?? '') ?? []
  if (!steps || !ignored) throw new Error(`${guide} has no Dockerfile, or no .dockerignore after it.`)
  const outside = new Set(ignored.trim().split('\n'))

  const stages = new Map()
  let stage
  for (const line of steps.split('\n').filter((step) => step.trim() !== '')) {
    say(line)
    const [, word, argument] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (word === 'FROM') {
      const name = argument.split(' AS ')[1] ?? 'last'
      stage = { folder: join(scratch, name), workdir: '/', env: {}, command: [] }
      stages.set(name, stage)
      await mkdir(stage.folder, { recursive: true })
    } else if (word === 'WORKDIR') {
      stage.workdir = argument
      await mkdir(placeOf(stage, '.'), { recursive: true })
    } else if (word === 'ENV') {
      const [name, value] = argument.split('=')
      stage.env[name] = value
    } else if (word === 'COPY') await copy(argument.split(' '), { stage, stages, context, outside })
    else if (word === 'RUN')
      await mustRun('sh', ['-c', argument], { cwd: placeOf(stage, '.'), env: { ...env, ...stage.env } })
    else if (word === 'CMD') stage.command = JSON.parse(argument)
    else if (word !== 'USER') throw new Error(`${guide}: this does not know how to ${line}`)
  }
  return { directory: placeOf(stage, '.'), env: { ...env, ...stage.env }, command: stage.command }
}

async function copy(words, { stage, stages, context, outside }) {
  const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)) : null
  const target = placeOf(stage, words.pop())
  for (const word of words) {
    const source = from ? placeOf(from, word) : resolve(context, word)
    // Of a folder, COPY takes what is in it.
    const isFolder = (await stat(source)).isDirectory()
    const [folder, names] = isFolder ? [source, await readdir(source)] : [dirname(source), [basename(source)]]
    for (const name of names.filter((each) => from !== null || !outside.has(each))) {
      const place = join(target, name)
      await rm(place, { recursive: true, force: true })
      await cp(join(folder, name), place, { recursive: true, verbatimSymlinks: true })
    }
  }
}

function placeOf(stage, path) {
  return join(stage.folder, isAbsolute(path) ? path : join(stage.workdir, path))
}
