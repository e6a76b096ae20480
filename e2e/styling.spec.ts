import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type Page, test } from '@playwright/test'
import { createState, generatorVersion, render } from '@sigra/generators'
import { compile } from 'tailwindcss'

// What docs/styling.md tells, on the stylesheets people own, looked at as a browser computes it.
const root = join(import.meta.dirname, '..')
const guide = await readFile(join(root, 'docs/styling.md'), 'utf8')
const created = await readFile(join(root, 'playground/app/app.css'), 'utf8')
const intoExisting = createState({ version: generatorVersion, app: 'existing' })
const existing = render(intoExisting).get('app/accounts/style.css') ?? ''

/** The blocks that the guide says to put into the stylesheet, by where it says to put them. */
function blocksFor(place: string): string {
  const blocks = [...guide.matchAll(/^```css\n\/\* app\/app\.css: (.*) \*\/\n([^]*?)^```$/gm)]
  const found = blocks.filter(([, where]) => where === place).map(([, , block]) => block)
  expect(found.length).toBeGreaterThan(0)
  return found.join('\n')
}

/** As Tailwind's plugin for Vite does, with the classes of these pages. */
async function withTailwind(html: string, end: string): Promise<string> {
  const stylesheet = `${blocksFor('at the very top')}\n${created}\n${blocksFor(end)}`
  const compiled = await compile(stylesheet, {
    base: root,
    async loadStylesheet() {
      const path = fileURLToPath(import.meta.resolve('tailwindcss/index.css'))
      return { path, base: dirname(path), content: await readFile(path, 'utf8') }
    },
  })
  return compiled.build([...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' ')))
}

async function show(page: Page, css: string, html: string): Promise<void> {
  await page.setContent(`<!doctype html><style>${css}</style>${html}`)
}

async function styleOf(page: Page, selector: string, property: string): Promise<string> {
  return page
    .locator(selector)
    .evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property)
}

/** A token as the browser paints it. */
async function painted(page: Page, token: string): Promise<string> {
  return page.locator('body').evaluate((body, name) => {
    const probe = body.appendChild(document.createElement('i'))
    probe.style.color = `var(${name})`
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }, token)
}

test('one hue is another brand, on buttons, links and the cover', async ({ page }) => {
  const html = '<button class="button">Continue</button><a href="/">More</a>'
  await show(page, created, html)
  const before = await styleOf(page, '.button', 'background-color')
  const hue = blocksFor('in the first block').trim()
  await show(page, created.replace(/--brand-hue: \d+;/, hue), html)
  const after = await styleOf(page, '.button', 'background-color')
  expect([before, after]).toEqual(['oklch(0.43 0.085 168)', 'oklch(0.43 0.085 300)'])
  expect(await styleOf(page, 'a', 'color')).toBe(after)
})

test('utilities of Tailwind win on our components without !important, and the components outlive its reset', async ({
  page,
}) => {
  const html = `
    <h1 class="text-xs">Title</h1><h2>Section</h2>
    <button class="button rounded-none bg-[rgb(1,2,3)] px-[7px]">Continue</button>
    <button class="button" id="plain">Continue</button>
    <section class="panel border-0 p-[3px]"></section>
    <div class="field"><input class="bg-brand" name="email"></div>
    <ol class="codes"><li>1</li></ol>`
  await show(page, await withTailwind(html, 'at the end, for Tailwind'), html)
  expect(await styleOf(page, '.rounded-none', 'background-color')).toBe('rgb(1, 2, 3)')
  expect(await styleOf(page, '.rounded-none', 'border-top-left-radius')).toBe('0px')
  expect(await styleOf(page, '.rounded-none', 'padding-left')).toBe('7px')
  expect(await styleOf(page, '.panel', 'padding-top')).toBe('3px')
  expect(await styleOf(page, '.panel', 'border-top-width')).toBe('0px')
  expect(await styleOf(page, 'h1', 'font-size')).toBe('12px')
  expect(await styleOf(page, '.field input', 'background-color')).toBe(await painted(page, '--brand'))

  expect(await styleOf(page, '#plain', 'background-color')).toBe(await painted(page, '--brand'))
  expect(await styleOf(page, '#plain', 'border-top-left-radius')).toBe('10px')
  expect(await styleOf(page, 'h2', 'font-weight')).toBe('650')
  expect(await styleOf(page, '.codes', 'list-style-type')).toBe('decimal')
  expect(created).not.toContain('!important')
})

test('components of shadcn/ui have our colours and corners, in light and dark', async ({ page }) => {
  const html = `
    <div class="rounded-lg border bg-card p-6 text-card-foreground" id="card">
      <p class="text-muted-foreground" id="muted">Plan</p>
      <button class="inline-flex h-9 items-center rounded-md bg-primary px-4 text-primary-foreground" id="primary">Buy</button>
      <button class="button">Ours</button>
    </div>`
  const css = await withTailwind(html, 'at the end, for shadcn/ui')
  for (const mode of ['', ' class="dark"']) {
    await page.setContent(`<!doctype html><html${mode}><style>${css}</style><body>${html}</body></html>`)
    expect(await styleOf(page, '#primary', 'background-color')).toBe(await painted(page, '--brand'))
    expect(await styleOf(page, '#primary', 'background-color')).toBe(
      await styleOf(page, '.button', 'background-color'),
    )
    expect(await styleOf(page, '#primary', 'color')).toBe(await painted(page, '--on-brand'))
    expect(await styleOf(page, '#card', 'background-color')).toBe(await painted(page, '--raised'))
    expect(await styleOf(page, '#muted', 'color')).toBe(await painted(page, '--ink-soft'))
    expect(await styleOf(page, '#primary', 'border-top-left-radius')).toBe('8px')
  }
  expect(await painted(page, '--brand')).toBe('oklch(0.8 0.11 168)')
})

const host = `
  <style>
    @layer reset { * { margin: 0 } }
    :root { --brand: rebeccapurple; --radius: 3px; --ink: navy }
    body { font-family: serif; color: var(--ink); background: #fee }
    .card { border: 2px dotted; border-radius: var(--radius); padding: 1rem }
    a { color: var(--brand) }
  </style>
  <header class="bar"><a href="/users/log-in">Log in</a></header>
  <main class="page" id="page"><h1>Notes</h1><div class="card"><button class="button">Buy</button></div>
  <form class="form field"><label>Text <input name="text"></label></form></main>`

/** Everything a browser computes, of every element. */
async function look(page: Page): Promise<string[]> {
  return page.locator('html, html body, html body *').evaluateAll((nodes) =>
    nodes.map((node) => {
      const style = getComputedStyle(node)
      return [...style, '--brand', '--ink'].map((name) => `${name}:${style.getPropertyValue(name)}`).join(';')
    }),
  )
}

test('a page of an existing app looks the same before and after our stylesheet came, and ours is styled inside its frame', async ({
  page,
}) => {
  await page.setContent(`<!doctype html>${host}`)
  const before = [await look(page), (await page.screenshot()).toString('base64')]
  const style = await page.addStyleTag({ content: existing })
  expect([await look(page), (await page.screenshot()).toString('base64')]).toEqual(before)

  await style.evaluate((node) => node.parentNode?.removeChild(node))
  await page.addStyleTag({ content: created })
  expect(await look(page)).not.toEqual(before[0]) // the stylesheet of a new app would have been noticed

  await show(
    page,
    existing,
    '<div class="accounts"><main class="page"><button class="button">Go</button></main></div>',
  )
  expect(await styleOf(page, '.button', 'background-color')).toBe('oklch(0.43 0.085 168)')
})

test('the guide lists every class of the stylesheet, and no other', () => {
  const rules = created.replaceAll(/\/\*[^]*?\*\//g, '')
  const used = [...rules.matchAll(/^ *[^\n;]*[{,]$/gm)]
    .flatMap(([line]) => [...line.matchAll(/\.([a-z][\w-]*)/g)])
    .map(([, name]) => name)
  const table = guide.slice(guide.indexOf('## Classes'))
  const listed = [...table.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name)
  expect([...new Set(listed)].toSorted()).toEqual([...new Set(used)].toSorted())
})
