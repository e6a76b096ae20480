import { spawn } from 'node:child_process'

export type ProgramResult = { ok: true; output: string } | { ok: false; isMissing: boolean; output: string }

/**
 * Runs a program to its end, with its output kept. Ctrl-C ends it together with us.
 *
 * @param env Everything it is told by its environment: what is around us must not decide for it.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.Dict<string>,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const stop = () => child.kill('SIGTERM')
    // Ahead of whoever ends this process on the same signal: nothing would stop the child after that.
    process.prependOnceListener('SIGINT', stop)
    process.prependOnceListener('SIGTERM', stop)
    const finish = (result: ProgramResult) => {
      process.removeListener('SIGINT', stop)
      process.removeListener('SIGTERM', stop)
      resolve(result)
    }
    child.on('error', () => finish({ ok: false, isMissing: true, output }))
    child.on('close', (code) =>
      finish(code === 0 ? { ok: true, output } : { ok: false, isMissing: false, output }),
    )
  })
}
