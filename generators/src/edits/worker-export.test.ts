import { describe, expect, it } from 'vitest'
import { defaultFlags } from '../state.ts'
import { smallState } from '../testing-only/small-app.ts'
import { editContext, edited, reasonOf } from '../testing-only/try-edit.ts'
import { workerEdit } from './worker-export.ts'

describe('app/entry.server.tsx, who sends the mail', () => {
  const queue = workerEdit(editContext)
  const inProcess = workerEdit({
    ...editContext,
    state: smallState({ flags: { ...defaultFlags, mail: 'in-process' } }),
  })
  const host = `import { isbot } from "isbot";\n\nexport default function handle() {\n    isbot();\n}\n`

  it('starts the worker where the web process is to send', () => {
    expect(edited(inProcess, host)).toBe(`import { isbot } from "isbot";
import { defaultTransport, runWorker } from "@sigra/worker";
import { mails } from "./accounts/emails";
import { sigra } from "./sigra.server";

export const worker = runWorker({
    sigra,
    mails,
    transport: defaultTransport(process.env),
    from: process.env.MAIL_FROM,
    inProcess: true,
});

export default function handle() {
    isbot();
}
`)
  })

  it('does not start a second one, nor touch another thing of that name', () => {
    expect(reasonOf(inProcess, `${host}export const worker = 1\n`)).toBe('it has a worker of its own')
    expect(reasonOf(inProcess, null)).toBe('there is no such file')
  })

  it('asks to take it away when a process of its own sends', () => {
    expect(reasonOf(queue, edited(inProcess, host))).toContain('a process of its own')
    expect(reasonOf(queue, host)).toBe('already')
    expect(reasonOf(queue, null)).toBe('already')
  })
})
