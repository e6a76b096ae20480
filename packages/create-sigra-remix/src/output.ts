import { styleText } from 'node:util'
import type { GeneratorError } from '@sigra/generators'

/** Where a run prints. With `--json` the document goes to stdout and everything for people to nowhere. */
export interface Output {
  readonly isJson: boolean
  /** A line for people. */
  say(text: string): void
  /** A line about something that is going on. */
  step(text: string): void
  /** The one document of a `--json` run. */
  document(value: unknown): void
  /** What went wrong, in one sentence. */
  fail(error: GeneratorError | Error): void
}

export function createOutput(isJson: boolean): Output {
  const write = (stream: NodeJS.WriteStream, text: string) => void stream.write(`${text}\n`)
  return {
    isJson,
    say(text) {
      if (!isJson) write(process.stdout, text)
    },
    step(text) {
      if (!isJson) write(process.stdout, `${color('cyan', '›')} ${text}`)
    },
    document(value) {
      if (isJson) write(process.stdout, JSON.stringify(value, null, 2))
    },
    fail(error) {
      if (!isJson) write(process.stderr, `${colorError('✗')} ${error.message}`)
      else write(process.stdout, JSON.stringify({ ok: false, ...describeError(error) }, null, 2))
    },
  }
}

/** Colours only where somebody looks and NO_COLOR is not set. */
export function color(format: 'cyan' | 'green' | 'bold' | 'dim', text: string): string {
  return styleText(format, text, { stream: process.stdout })
}

function colorError(text: string): string {
  return styleText('red', text, { stream: process.stderr })
}

function describeError(error: GeneratorError | Error): { code: string; message: string; exitCode: number } {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'SIGRA_FAILED'
  const exitCode = 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : 1
  return { code, message: error.message, exitCode }
}
