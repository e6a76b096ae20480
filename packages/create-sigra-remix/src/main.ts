import { GeneratorError } from '@sigra/generators'
import { EXIT, ignoreClosedPipes, runProgram, type ExitCode } from '@sigra/generators/command-line'
import { createCommandLine } from './arguments.ts'
import { createApp } from './create-app.ts'
import { createOutput } from './output.ts'
import { Cancelled } from './questions.ts'
import { refuseSwallowedFlags } from './swallowed-flags.ts'

/** Runs the command line as a process of its own does; sets the exit code and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  ignoreClosedPipes()
  process.once('SIGINT', () => process.exit(EXIT.cancelled))
  process.exitCode = await runCommandLine(argv)
}

/** Runs the command line and returns the exit code. Never throws. */
export async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  const output = createOutput(argv.includes('--json'))
  try {
    // npm keeps `--` for itself, pnpm, yarn and bun hand it on; no directory of ours begins with a dash.
    const words = argv.filter((word) => word !== '--')
    refuseSwallowedFlags(process.env, words)
    return await runProgram(
      createCommandLine((given) => createApp(given, output)),
      words,
    )
  } catch (error) {
    output.fail(error instanceof Error ? error : new Error(String(error)))
    return exitCodeOf(error)
  }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Cancelled) return EXIT.cancelled
  return error instanceof GeneratorError ? error.exitCode : EXIT.failed
}
