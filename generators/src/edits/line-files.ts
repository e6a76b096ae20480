import { envBlocks, envKeys, withoutBlock, type EnvBlock } from '../env-blocks.ts'
import { findLineEnding, toLf, withLineEnding } from '../line-endings.ts'
import { already, changed, manual, type EditContext, type HostEdit } from './edit.ts'

/** `.env.example`: each missing key with the comment that explains it. `.env` itself is never touched. */
export function envEdits({ rendered, before }: EditContext): HostEdit[] {
  const blocks = envBlocks(rendered.get('.env.example') ?? '')
  const former = before === null ? null : envBlocks(before.get('.env.example') ?? '')
  const isFormer = (key: string) => former?.some((block) => block.key === key) === true
  const added = blocks.map(({ key, block }) => ({
    paths: ['.env.example'],
    id: key,
    isRenewed: former !== null && !isFormer(key),
    ensure: (text: string | null) =>
      envKeys(text ?? '').includes(key) ? already : changed(appendBlock(text, block)),
  }))
  const removed = (former ?? []).filter(({ key }) => !blocks.some((block) => block.key === key))
  return [...added, ...removed.map(removeBlock)]
}

/** A key nobody reads any more, where its lines are as they came. */
function removeBlock({ key, block }: EnvBlock): HostEdit {
  return {
    paths: ['.env.example'],
    id: key,
    isRenewed: true,
    ensure(text) {
      const body = toLf(text ?? '')
      if (!envKeys(body).includes(key)) return already
      const without = withoutBlock(body, { key, block })
      if (without === body) return manual(`you changed what is said about ${key}`, `remove ${key}`)
      return changed(withLineEnding(without, findLineEnding(text ?? '\n')))
    },
  }
}

/** `.gitignore`: what must never be committed, where no pattern of the host covers it yet. */
export function gitignoreEdits({ rendered }: EditContext): HostEdit[] {
  const lines = toLf(rendered.get('.gitignore') ?? '').split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      paths: ['.gitignore'],
      id: line,
      ensure: (text) => (isIgnored(text ?? '', line) ? already : changed(appendLine(text, line))),
    }))
}

/** `AGENTS.md`: our section after the host's own text. */
export function agentsEdit({ rendered }: EditContext): HostEdit {
  const section = (rendered.get('AGENTS.md') ?? '').trim()
  const [title = ''] = section.replace(/^#+ /u, '').split('\n')
  return {
    paths: ['AGENTS.md'],
    id: 'section',
    ensure(text) {
      const headings = toLf(text ?? '')
        .split('\n')
        .filter((line) => line.startsWith('#'))
      if (headings.some((line) => line.replace(/^#+ /u, '') === title)) return already
      return changed(appendBlock(text, text === null || text.trim() === '' ? section : `#${section}`))
    },
  }
}

function isIgnored(text: string, line: string): boolean {
  const patterns = toLf(text).split('\n').map(bare)
  const wanted = bare(line)
  return patterns.some((pattern) => pattern === wanted || (wanted === '.env' && pattern === '.env*'))
}

function bare(pattern: string): string {
  return pattern.trim().replace(/^\//u, '').replace(/\/$/u, '')
}

function appendLine(text: string | null, line: string): string {
  const body = toLf(text ?? '')
  const gap = body === '' || body.endsWith('\n') ? '' : '\n'
  return withLineEnding(`${body}${gap}${line}\n`, findLineEnding(text ?? '\n'))
}

function appendBlock(text: string | null, block: string): string {
  const body = toLf(text ?? '').trimEnd()
  const gap = body === '' ? '' : '\n\n'
  return withLineEnding(`${body}${gap}${block}\n`, findLineEnding(text ?? '\n'))
}
