import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { runCommandLine } from './run-command-line.ts'

const oldNode = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.11.1' })"

let folder: string
let out: string
let problems: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigra-cli-'))
  out = ''
  problems = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    problems += String(text)
    return true
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

describe('runCommandLine', () => {
  it('lists the commands on --help and ends with 0', async () => {
    expect(await runCommandLine(['--help'], folder)).toBe(0)
    for (const command of [
      'dev',
      'db:migrate',
      'db:rollback',
      'db:seed',
      'db:migration',
      'status',
      'diff',
      'apply',
      'add',
      'remove',
      'undo',
    ])
      expect(out).toContain(`  ${command} `)
  })

  it('lists the commands without an argument and ends with 2', async () => {
    expect(await runCommandLine([], folder)).toBe(2)
    expect(problems).toContain('Usage: sigra <command>')
  })

  it('says its version', async () => {
    expect(await runCommandLine(['--version'], folder)).toBe(0)
    expect(out).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('explains one command', async () => {
    expect(await runCommandLine(['apply', '--help'], folder)).toBe(0)
    expect(out).toContain('--dry-run')
  })

  it.each([
    [['aply'], "Unknown command 'aply'. Did you mean apply?"],
    [['dev', '--prot', '3'], "Unknown option '--prot'. Did you mean --port?"],
    [['dev', '--port', 'many'], "argument 'many' is invalid. Use a number from 1 to 65535."],
    [['dev', 'now'], "Too many arguments for 'dev'. Expected 0 arguments but got 1: now."],
    [
      ['apply', '--conflicts', 'guess'],
      "argument 'guess' is invalid. Allowed choices are refuse, merge, keep, replace.",
    ],
    [['add'], "Missing required argument 'feature'."],
    [
      ['add', 'pass-keys'],
      "argument value 'pass-keys' is invalid for argument 'feature'. Allowed choices are passkeys, organizations.",
    ],
    [['remove', 'accounts'], 'Allowed choices are passkeys, organizations.'],
    [['secrets', 'show'], 'Allowed choices are status, rotate.'],
    [['apply', '--continue', '--abort'], '--continue cannot be combined with other options.'],
    [['apply', '--abort', '--dry-run'], '--abort cannot be combined with other options.'],
    [['db:migration', '../escape'], '"../escape" cannot name a migration'],
  ])('answers %j with 2 and what is wrong', async (args, sentence) => {
    expect(await runCommandLine(args, folder)).toBe(2)
    expect(problems).toContain(sentence)
    expect(problems.trim().split('\n')).toHaveLength(1)
  })

  it.each(['dev', 'db:migrate', 'db:migration', 'status', 'diff', 'apply', 'add passkeys', 'undo'])(
    'ends sigra %s with 4 and one sentence where there is no app',
    async (command) => {
      expect(await runCommandLine(command.split(' '), folder)).toBe(4)
      expect(problems).toContain(folder)
      expect(problems.trim().split('\n')).toHaveLength(1)
    },
  )
})

describe('the sigra program', () => {
  it('ends quietly where nobody reads on', async () => {
    const child = spawn(process.execPath, [...programArguments('bin'), '--help'], { cwd: folder })
    child.stdout.destroy()
    let said = ''
    child.stderr.on('data', (chunk) => (said += String(chunk)))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(said).toBe('')
  })

  it.each(['dev', 'status', '--help'])('says which Node it needs before it does %s', (command) => {
    const args = ['--import', oldNode, ...programArguments('bin'), command]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({
      status: 4,
      stdout: '',
      stderr:
        'sigra needs Node 22.22.0 or newer, and this is 20.11.1. Install a current Node from https://nodejs.org and run the command again.\n',
    })
  })
})
