import { GeneratorError } from '@sigra/generators'
import { EXIT, ignoreClosedPipes, runProgram, type ExitCode } from '@sigra/generators/command-line'
import { createCommandLine } from './arguments.ts'
import { createApp } from './create-app.ts'
import { createOutput } from './output.ts'
import { Cancelled } from './questions.ts'
import { refuseSwallowedFlags } from './swallowed-flags.ts'

/** Runs the command line; sets the exit code and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  ignoreClosedPipes()
  const output = createOutput(argv.includes('--json'))
  process.once('SIGINT', () => process.exit(EXIT.cancelled))
  try {
    // npm keeps `--` for itself, pnpm, yarn and bun hand it on; no directory of ours begins with a dash.
    const words = argv.filter((word) => word !== '--')
    refuseSwallowedFlags(process.env, words)
    process.exitCode = await runProgram(
      createCommandLine((given) => createApp(given, output)),
      words,
    )
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    output.fail(error instanceof Error ? error : new Error(String(error)))
  }
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Cancelled) return EXIT.cancelled
  return error instanceof GeneratorError ? error.exitCode : EXIT.failed
}
