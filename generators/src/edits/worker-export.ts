import { isNode } from '../syntax.ts'
import { already, type EditContext, type HostEdit } from './edit.ts'
import { addImport, editModule, isDeclared, type Finding, type HostModule } from './module-edit.ts'

/**
 * `app/entry.server.tsx`: with `--mail in-process` the web process sends mail itself. Without this line everything
 * would be queued and nothing sent.
 */
export function workerEdit({ state, rendered, before }: EditContext): HostEdit {
  const isWanted = state.flags.mail === 'in-process'
  const mails = mailsModule(rendered)
  return {
    paths: ['app/entry.server.tsx'],
    id: 'worker',
    isForOwnFile: true,
    isRenewed: before !== null && isWanted !== runsWorker(before),
    ensure: (text) =>
      text === null && !isWanted
        ? already
        : editModule(text, 'entry.server.tsx', snippetOf(isWanted, mails), (module) =>
            isWanted ? ensureWorker(module, mails) : ensureNoWorker(module),
          ),
  }
}

const call = `runWorker({
  sigra,
  mails,
  transport: defaultTransport(process.env),
  from: process.env.MAIL_FROM,
  inProcess: true,
})`

function snippetOf(isWanted: boolean, mails: string): string {
  if (!isWanted) return 'remove `export const worker`: worker.ts sends the mail'
  return `import { defaultTransport, runWorker } from '@sigra/worker'
import { mails } from '${mails}'
import { sigra } from './sigra.server'

export const worker = ${call}`
}

function runsWorker(files: ReadonlyMap<string, string>): boolean {
  return files.get('app/entry.server.tsx')?.includes('runWorker(') === true
}

function mailsModule(rendered: ReadonlyMap<string, string>): string {
  const path = [...rendered.keys()].find((candidate) => candidate.endsWith('/emails/index.ts'))
  return `./${(path ?? 'app/accounts/emails/index.ts').replace(/^app\//u, '').replace(/\/index\.ts$/u, '')}`
}

function ensureWorker(module: HostModule, mails: string): Finding {
  if (isDeclared(module, 'worker'))
    return isOurs(module) ? 'already' : { unknown: 'it has a worker of its own' }
  const { output, program, style } = module
  const last = program.body.findLast((statement) => statement.type === 'ImportDeclaration')
  if (!isNode(last)) return { unknown: 'it imports nothing' }
  addImport(module, 'defaultTransport, runWorker', '@sigra/worker')
  addImport(module, 'mails', mails)
  addImport(module, 'sigra', './sigra.server')
  const text = call.replaceAll(/^ +/gmu, style.indent)
  output.appendLeft(last.end, `\n\nexport const worker = ${text}${style.semicolon}`)
  return 'changed'
}

function ensureNoWorker(module: HostModule): Finding {
  const isLeft = isDeclared(module, 'worker') && isOurs(module)
  return isLeft ? { unknown: 'mail leaves from a process of its own now' } : 'already'
}

function isOurs({ text }: HostModule): boolean {
  return text.includes('runWorker(')
}
