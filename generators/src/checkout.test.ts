import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyPlan } from './plan/apply-plan.ts'
import { describeDiff } from './plan/describe-plan.ts'
import { isEmptyPlan, writesOf } from './plan/plan.ts'
import { planProject, readProject, readStatus } from './project.ts'
import { render } from './render.ts'
import { createState } from './state.ts'
import { planSmall } from './testing-only/plan-small.ts'
import { createFolder, readTexts, smallArchive, smallState, writeTexts } from './testing-only/small-app.ts'
import { generatorVersion } from './version.ts'

async function createApp(): Promise<string> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await planSmall(root, null, smallState({ version: generatorVersion })))
  return root
}

/** As `core.autocrlf=true` checks it out, or an editor saves it. */
async function checkOut(root: string, mark: string): Promise<Map<string, string>> {
  for (const [path, text] of await readTexts(root)) {
    await writeTexts(root, { [path]: mark + text.replaceAll('\n', '\r\n') })
  }
  return readTexts(root)
}

describe.each([
  ['line ends of Windows', ''],
  ['line ends of Windows and byte-order marks', '\uFEFF'],
])('a checkout with %s', (_what, mark) => {
  it('is no edit, and status, diff and apply agree about it', async () => {
    const root = await createApp()
    const texts = await checkOut(root, mark)
    const project = await readProject(root)
    const statuses = await readStatus(project, smallArchive)
    expect(statuses.filter(({ status }) => status !== 'pristine')).toEqual([])
    const plan = await planProject(project, { archive: smallArchive })
    expect(writesOf(plan).map(({ path }) => path)).toEqual([])
    expect([isEmptyPlan(plan), await describeDiff(plan)]).toEqual([true, ''])
    await applyPlan(plan)
    expect(await readTexts(root)).toEqual(texts)
  })

  it('keeps them in what is written', async () => {
    const root = await createApp()
    await checkOut(root, mark)
    const project = await readProject(root)
    const to = { ...project.intent, routes: [{ name: 'projects', guard: 'user' as const }] }
    await applyPlan(await planProject(project, { to, archive: smallArchive }))
    for (const path of ['sigra.lock.json', 'sigra.json', 'app/sigra.routes.ts']) {
      const text = await readFile(join(root, path), 'utf8')
      expect(text).toContain('projects')
      expect([path, text.startsWith('\uFEFF'), /[^\r]\n/u.test(text)]).toEqual([path, mark !== '', false])
    }
  })
})

describe('sigra status', () => {
  it('calls a snapshot that a migration wrote no edit of its owner', async () => {
    const root = await createApp()
    await writeFile(join(root, 'migrations/.snapshot.json'), '{ "name": "public", "tables": [] }')
    const statuses = await readStatus(await readProject(root), smallArchive)
    expect(statuses.filter(({ status }) => status !== 'pristine')).toEqual([])
  })

  it('calls a file in the style of its owner no edit, as a plan does', async () => {
    const root = await createApp()
    const path = 'app/accounts/accounts.server.ts'
    const text = await readFile(join(root, path), 'utf8')
    await writeFile(join(root, path), text.replaceAll('  return', '      return'))
    const project = await readProject(root)
    expect((await readStatus(project, smallArchive)).find((file) => file.path === path)?.status).toBe(
      'pristine',
    )
    await writeFile(join(root, path), `${text}// mine\n`)
    expect((await readStatus(project, smallArchive)).find((file) => file.path === path)?.status).toBe(
      'edited',
    )
  })
})

describe('a new app', () => {
  it('brings line ends that hold in every checkout', () => {
    expect(render(createState({ version: generatorVersion })).get('.gitattributes')).toContain(
      '* text=auto eol=lf',
    )
  })
})
