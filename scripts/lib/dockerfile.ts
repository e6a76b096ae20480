import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { mustRun } from './run.ts'
import type { Say } from './say.ts'

export interface DockerfileOptions {
  /** The folder that is built. */
  context: string
  scratch: string
  env: NodeJS.ProcessEnv
  say: Say
}

/** What would be started, and where. */
export interface Image {
  directory: string
  env: NodeJS.ProcessEnv
  command: string[]
}

interface Stage {
  folder: string
  workdir: string
  env: Record<string, string>
  command: string[]
}

/**
 * Does what a guide's Dockerfile tells, step by step and without Docker: each stage is a folder, `RUN` runs in it. Its
 * base images are this machine, so FROM and USER are only read.
 *
 * @param guide With one `dockerfile` block, and the `.dockerignore` in the `text` block after it.
 */
export async function followDockerfile(
  guide: string,
  { context, scratch, env, say }: DockerfileOptions,
): Promise<Image> {
  const text = await readFile(guide, 'utf8')
  const [, steps, rest] = /^```dockerfile\n([^]*?)^```$([^]*)/m.exec(text) ?? []
  const [, ignored] = /^```text\n([^]*?)^```$/m.exec(rest ?? '') ?? []
  if (!steps || !ignored) throw new Error(`${guide} has no Dockerfile, or no .dockerignore after it.`)
  const outside = new Set(ignored.trim().split('\n'))

  const stages = new Map<string, Stage>()
  let stage: Stage = { folder: scratch, workdir: '/', env: {}, command: [] }
  for (const line of steps.split('\n').filter((step) => step.trim() !== '')) {
    say(line)
    const [, word, argument = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    if (word === 'FROM') {
      const name = argument.split(' AS ')[1] ?? 'last'
      stage = { folder: join(scratch, name), workdir: '/', env: {}, command: [] }
      stages.set(name, stage)
      await mkdir(stage.folder, { recursive: true })
    } else if (word === 'WORKDIR') {
      stage.workdir = argument
      await mkdir(placeOf(stage, '.'), { recursive: true })
    } else if (word === 'ENV') {
      const [name = '', value = ''] = argument.split('=')
      stage.env[name] = value
    } else if (word === 'COPY') await copy(argument.split(' '), { stage, stages, context, outside })
    else if (word === 'RUN')
      await mustRun('sh', ['-c', argument], { cwd: placeOf(stage, '.'), env: { ...env, ...stage.env } })
    else if (word === 'CMD') stage.command = JSON.parse(argument)
    else if (word !== 'USER') throw new Error(`${guide}: this does not know how to ${line}`)
  }
  return { directory: placeOf(stage, '.'), env: { ...env, ...stage.env }, command: stage.command }
}

async function copy(words: readonly string[], { stage, stages, context, outside }: Copying): Promise<void> {
  const [, name] = /^--from=(.*)$/.exec(words[0] ?? '') ?? []
  const from = name === undefined ? undefined : stages.get(name)
  const target = placeOf(stage, words.at(-1) ?? '.')
  for (const word of words.slice(name === undefined ? 0 : 1, -1)) {
    const source = from ? placeOf(from, word) : resolve(context, word)
    // Of a folder, COPY takes what is in it.
    const isFolder = (await stat(source)).isDirectory()
    const [folder, names] = isFolder ? [source, await readdir(source)] : [dirname(source), [basename(source)]]
    for (const entry of names.filter((each) => from !== undefined || !outside.has(each))) {
      const place = join(target, entry)
      await rm(place, { recursive: true, force: true })
      await cp(join(folder, entry), place, { recursive: true, verbatimSymlinks: true })
    }
  }
}

interface Copying {
  stage: Stage
  stages: ReadonlyMap<string, Stage>
  context: string
  outside: ReadonlySet<string>
}

function placeOf(stage: Stage, path: string): string {
  return join(stage.folder, isAbsolute(path) ? path : join(stage.workdir, path))
}
