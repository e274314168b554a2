import type { Locator, Page } from 'playwright-core'

export const messageBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' })

export const answers = (page: Page): Locator => page.getByRole('article', { name: 'Assistant' })

/** Waits for the end of an answer. */
export const isOver = (page: Page, index: number): Promise<void> =>
  answers(page).nth(index).getByRole('button', { name: 'Regenerate' }).waitFor()

export async function say(page: Page, text: string): Promise<void> {
  await messageBox(page).fill(text)
  await messageBox(page).press('Enter')
}
