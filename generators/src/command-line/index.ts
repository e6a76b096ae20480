export { Argument, InvalidArgumentError, Option, type Command } from 'commander'
export { ignoreClosedPipes } from './closed-pipe.ts'
export { EXIT, exitCodeMeanings, type ExitCode } from './exit-codes.ts'
export { createProgram, ends, runProgram } from './program.ts'
