import type { Locator, Page } from '@playwright/test'

/** Presses what is asked about first, and then says yes. */
export async function sayYes(page: Page, label: RegExp | string): Promise<void> {
  const question = questions(page, label).filter({ visible: true }) // others wait in cards that are shut
  await question.locator('summary').click()
  await question.getByRole('button', { name: /^Yes,/ }).click()
}

/** The things on a page that are asked about first, by the words of the button that opens the question. */
export function questions(page: Page, label: RegExp | string): Locator {
  return page.locator('details.ask').filter({ has: page.locator('summary', { hasText: label }) })
}
