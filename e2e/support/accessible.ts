import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { expect } from './test.ts'

declare global {
  interface Window {
    axe: typeof axe
  }
}

/**
 * Nothing of what axe knows is wrong with the page as it is, in light nor in dark. One copy of axe looks at both: putting
 * it into a page costs more than what it does there.
 */
export async function expectAccessible(page: Page): Promise<void> {
  for (const frame of page.frames()) await frame.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }) // colours that are still changing have no contrast
    const violations = await page.evaluate(async () => {
      const results = await window.axe.run(document, { resultTypes: ['violations'] })
      return results.violations.map(({ id, nodes }) => ({ id, html: nodes[0]?.html }))
    })
    expect(violations, `${page.url()}, ${colorScheme}`).toEqual([])
  }
}
