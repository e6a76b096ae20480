import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { declaredFlows } from '../testing/declared-flows.ts'
import type { FlowPrincipal } from './define-flow.ts'

const source = join(import.meta.dirname, '..')

/** Whose flows go on with a session, and so may find that it has gone on without them. */
const withSession: FlowPrincipal[] = ['session', 'pending', 'enrolment', 'browser']

async function readDocstrings(): Promise<Map<string, string>> {
  const paths = (await readdir(source, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const texts = await Promise.all(paths.map((path) => readFile(join(source, path), 'utf8')))
  const declared = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const (\w+) = defineFlow\(/g
  return new Map(
    texts.flatMap((text) => [...text.matchAll(declared)].map(([, doc = '', name = '']) => [name, doc])),
  )
}

describe('the docstring of a flow', () => {
  it('names SIGRA_SESSION_OVERTAKEN where the flow acts for a session', async () => {
    const docstrings = await readDocstrings()
    const silent = declaredFlows.filter(
      ({ name, changes, principal }) =>
        changes &&
        withSession.includes(principal) &&
        !docstrings.get(name)?.includes('SIGRA_SESSION_OVERTAKEN'),
    )
    expect(
      silent.map(({ name }) => name),
      'The docstring of these flows lacks a line: @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` …',
    ).toEqual([])
  })

  it('names SIGRA_SUDO_REQUIRED where the flow asks for sudo', async () => {
    const docstrings = await readDocstrings()
    const silent = declaredFlows.filter(
      ({ name, sudo }) => sudo !== false && !docstrings.get(name)?.includes('SIGRA_SUDO_REQUIRED'),
    )
    expect(
      silent.map(({ name }) => name),
      'The docstring of these flows lacks a line: @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` …',
    ).toEqual([])
  })
})
