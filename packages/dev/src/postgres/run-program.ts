import { spawn } from 'node:child_process'

/** Who runs PostgreSQL's programs: `{}` is the current user. */
export interface RunAs {
  uid?: number
  gid?: number
}

export interface ProgramResult {
  exitCode: number
  output: string
}

const PIPES_MILLISECONDS = 1_000

/** Runs a program to its end. Never throws for an exit code; the output is standard output and error together. */
export async function runProgram(
  file: string,
  args: readonly string[],
  as: RunAs = {},
): Promise<ProgramResult> {
  // From '/': the caller's folder may be closed to the user PostgreSQL runs as, and no PG* variable may leak in.
  const child = spawn(file, args, {
    ...as,
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))

  const exitCode = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(error.message))
      resolve(127)
    })
    child.once('close', (code) => resolve(code ?? 1))
    // A server that pg_ctl started may hold the pipes open for as long as it lives.
    child.once('exit', (code) => setTimeout(resolve, PIPES_MILLISECONDS, code ?? 1).unref())
  })
  child.stdout.destroy()
  child.stderr.destroy()
  return { exitCode, output: Buffer.concat(chunks).toString('utf8').trim() }
}
