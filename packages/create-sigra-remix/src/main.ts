import { generatorVersion, GeneratorError } from '@sigra/generators'
import { parseArguments } from './arguments.ts'
import { createApp } from './create-app.ts'
import { helpText } from './help.ts'
import { createOutput } from './output.ts'
import { Cancelled } from './questions.ts'
import { refuseSwallowedFlags } from './swallowed-flags.ts'

const CANCELLED = 130

/** Runs the command line; sets the exit code and never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const output = createOutput(argv.includes('--json'))
  process.once('SIGINT', () => process.exit(CANCELLED))
  try {
    refuseSwallowedFlags(process.env, argv)
    const given = parseArguments(argv)
    if (given.help) output.say(helpText())
    else if (given.version) output.say(generatorVersion)
    else process.exitCode = await createApp(given, output)
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    output.fail(error instanceof Error ? error : new Error(String(error)))
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Cancelled) return CANCELLED
  return error instanceof GeneratorError ? error.exitCode : 1
}
