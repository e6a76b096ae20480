import { spawn } from 'node:child_process'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** Both, as they came. */
  output: string
}

/** Runs a program of Node to its end, with nothing to read. */
export async function runToEnd(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { code: null, stdout: '', stderr: '', output: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      ended[name] += String(chunk)
      ended.output += String(chunk)
    })
  }
  ended.code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return ended
}
