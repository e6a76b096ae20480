import { already, manual, type EditContext, type HostEdit } from './edit.ts'
import { editModule, importedFrom } from './module-edit.ts'

const wrapper = `import { sigraExpress, sigraExpressErrors } from '@sigra/remix/express'

app.use(sigraExpress({ sigra: async () => (await loadBuild()).entry.module.sigra })) // before everything else
app.use(createRequestHandler({ build: loadBuild }))
app.use(sigraExpressErrors()) // after everything else`

const stopping = `

// and where it stops, so that mail being sent is finished:
await (await (await loadBuild()).entry.module.worker).stop()`

/**
 * A server of the host's own: every one starts and loads its build differently, so the two lines of the wrapper
 * are printed, not guessed. Without them nobody learns the visitor's address, and the start says so.
 */
export function serverEdit({ state }: EditContext): HostEdit {
  const snippet = state.flags.mail === 'in-process' ? wrapper + stopping : wrapper
  return {
    paths: ['server.ts', 'server.js', 'server/index.ts', 'server/app.ts'],
    id: 'wrapper',
    ensure: (text) =>
      editModule(text, 'server.ts', snippet, (module) =>
        importedFrom(module, 'sigraExpress') === null ? { unknown: 'it is a server of your own' } : 'already',
      ),
  }
}

/** Configuration of tools the host already has: kept as it is, with what ours says beside it. */
export function toolEdits({ rendered }: EditContext): HostEdit[] {
  const tools = ['plopfile.js', 'vitest.config.ts', 'playwright.config.ts']
  return tools.flatMap((path) => {
    const text = rendered.get(path)
    if (text === undefined) return []
    return [
      {
        paths: [path],
        id: 'config',
        isForOwnFile: true,
        ensure: (found) =>
          found?.trim() === text.trim() ? already : manual('you have one of your own', text.trim()),
      },
    ]
  })
}
