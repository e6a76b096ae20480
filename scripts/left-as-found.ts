import type { EventEmitter } from 'node:events'

/** Everything here is a value that one test file can change and the next one of its process would meet. */
export type ProcessState = ReadonlyMap<string, unknown>

const CONSOLE = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const
const GLOBALS = ['Date', 'fetch', 'setImmediate', 'setInterval', 'setTimeout'] as const
/** The worker's own line to Vitest, which comes and goes as it needs. */
const OF_VITEST: ReadonlySet<string | symbol> = new Set(['message', 'internalMessage', 'disconnect'])

/** The ORM writes its option there when it starts, the same one in each file. */
const OF_THE_ORM = 'MIKRO_ORM_COLORS'

/** Reads what files of a shared process must leave as they found it. */
export function processState(): ProcessState {
  const emitter: EventEmitter = process
  const listeners = emitter.eventNames().filter((event) => !OF_VITEST.has(event))
  const variables = Object.entries(process.env).filter(([name]) => name !== OF_THE_ORM)
  return new Map<string, unknown>([
    ['process.cwd()', process.cwd()],
    ['process.argv', process.argv.join('\0')],
    ['process.exitCode', process.exitCode],
    ['process.exit', process.exit],
    ['process.stdout.write', process.stdout.write],
    ['process.stderr.write', process.stderr.write],
    ...variables.map(([name, value]) => [`process.env.${name}`, value] as const),
    ...CONSOLE.map((name) => [`console.${name}`, console[name]] as const),
    ...GLOBALS.map((name) => [name, globalThis[name]] as const),
    ...listeners.flatMap((event) =>
      emitter
        .rawListeners(event)
        .map((listener, at) => [`listener ${at + 1} of ${String(event)}`, listener] as const),
    ),
  ])
}

/** Names what differs, in alphabetical order. */
export function leftChanged(before: ProcessState, after: ProcessState): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => !Object.is(before.get(name), after.get(name))).toSorted()
}
