import { afterAll, beforeAll, expect, test } from 'vitest'
import { answers, isOver, messageBox, say } from './drive-chat.ts'
import { findBarriers } from './find-barriers.ts'
import { openPages } from './open-pages.ts'

/** Chromium may have to be installed first. */
const installMs = 400_000

let pages: Awaited<ReturnType<typeof openPages>>

beforeAll(async () => {
  pages = await openPages()
}, installMs)
afterAll(() => pages[Symbol.asyncDispose]())

test.each([390, 768, 1440])(
  'at %i px nothing is wider than the page, light and dark',
  async (width) => {
    const asking = await pages.openPage()
    await pages.signIn(asking.page, 'developer')
    await messageBox(asking.page).waitFor()
    await say(asking.page, 'Runs meanwhile [[sim tokens=10000 pace=20]]')
    await answers(asking.page).getByText('You said').waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, context } = await pages.openPage({ viewport: { width, height: 900 }, colorScheme })
      await pages.signIn(page, 'admin')
      await messageBox(page).waitFor()
      for (const path of [
        '/',
        '/analytics/flow-history',
        '/live',
        '/admin',
        '/admin/roles',
        '/admin/roles/viewer',
        '/admin/limits',
        '/admin/texts',
        '/admin/mcp-servers',
        '/admin/prices',
        '/admin/usage',
        '/admin/changes',
      ]) {
        await page.goto(`${pages.url}${path}`)
        await page.locator('main').waitFor()
        await page.getByRole('link', { name: 'Administration' }).waitFor()
        if (path === '/live') await page.getByRole('table').getByRole('link').first().waitFor()
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect([path, excess]).toEqual([path, 0])
        expect(await findBarriers(page)).toEqual([])
      }
      await context.close()
    }
    await asking.page.getByRole('button', { name: 'Stop', exact: true }).click()
    await isOver(asking.page, 0)
    await asking.context.close()
  },
  180_000,
)
