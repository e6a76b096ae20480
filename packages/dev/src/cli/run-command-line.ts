import { EXIT, runProgram, type ExitCode } from '@sigra/generators/command-line'
import { PostgresFailed } from '../postgres/postgres-failed.ts'
import { createSigra } from './commands.ts'
import { printProblem } from './print.ts'

/** Runs `sigra <arguments>` in `directory` and returns the exit code. Never throws for what a person got wrong. */
export async function runCommandLine(args: readonly string[], directory: string): Promise<ExitCode> {
  try {
    return await runProgram(createSigra(directory), args)
  } catch (error) {
    if (isRefusal(error)) {
      printProblem(error.message)
      return error.exitCode
    }
    printProblem(error instanceof PostgresFailed ? error.message : describeUnexpected(error))
    return EXIT.failed
  }
}

/** By its shape: loading the generators only to name their error class would slow every command down. */
function isRefusal(error: unknown): error is Error & { exitCode: ExitCode } {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number'
}

function describeUnexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
