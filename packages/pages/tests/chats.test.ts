import * as consumers from 'node:stream/consumers'
import type { Page } from 'playwright-core'
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

async function openChat(user = 'developer') {
  const opened = await pages.openPage()
  await pages.signIn(opened.page, user)
  await messageBox(opened.page).waitFor()
  return opened
}

test('a wrong password says so; a right one leads to where one wanted to go, and out again', async () => {
  const { page, complaints } = await pages.openPage()
  await page.goto(`${pages.url}/analytics/flow-history?status=done`)
  await page.getByLabel('Username').fill('developer')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('Username or password is wrong.').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await pages.signIn(page, 'developer', '/analytics/flow-history?status=done')
  await page.getByRole('heading', { name: 'Flow history' }).waitFor()
  expect(page.url()).toBe(`${pages.url}/analytics/flow-history?status=done`)
  await page.reload()
  await page.getByRole('heading', { name: 'Flow history' }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You have signed out.').waitFor()
  await page.goto(pages.url)
  await page.getByLabel('Username').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a chat - streamed, with its title in the list, and read out without each token', async () => {
  const { page, complaints } = await openChat()
  expect(await findBarriers(page)).toEqual([])
  await page.evaluate(() => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    const region = document.querySelector('[role=status][aria-label=Reply]')
    const note = () => said.push(region?.textContent ?? '')
    if (region)
      new MutationObserver(note).observe(region, { subtree: true, characterData: true, childList: true })
  })
  await say(page, 'Hello there [[sim tokens=120 pace=15]]')
  await answers(page).getByRole('button', { name: 'Stop' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await isOver(page, 0)
  await page.getByRole('link', { name: /^Hello there/ }).waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/chat\/[\da-f-]{36}$/)
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said)
  expect(said.at(-1)).toMatch(/^Answer complete\. You said/)
  expect(said.length).toBeLessThan(8)
  expect(await findBarriers(page)).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('stop, reload in mid-reply, a second tab - the same answer everywhere, whole', async () => {
  const { page, context, complaints } = await openChat()
  await say(page, 'First [[sim tokens=2000 pace=20]]')
  await answers(page).getByRole('button', { name: 'Stop' }).click()
  await answers(page)
    .getByText(/^Stopped · /)
    .waitFor()
  await say(page, 'Second [[sim tokens=150 pace=20]]')
  await answers(page).nth(1).getByText('You said').waitFor()
  await page.reload()
  await answers(page).nth(1).getByRole('button', { name: 'Stop' }).waitFor()
  const tab = await context.newPage()
  await tab.goto(page.url())
  await isOver(page, 1)
  await isOver(tab, 1)
  const texts = await Promise.all(
    [page, tab].map((each) => answers(each).nth(1).locator('.markdown').textContent()),
  )
  expect(texts[0]).toBe(texts[1])
  const { items } = await page.evaluate(async (id) => {
    const { access_token } = await (await fetch('/auth/refresh', { method: 'POST' })).json()
    const headers = { authorization: `Bearer ${access_token}` }
    return (await fetch(`/api/v1/conversations/${id}/turns`, { headers })).json()
  }, page.url().split('/').at(-1))
  expect(texts[0]?.replaceAll(/\s+/g, ' ')).toBe(items[0].answer.replaceAll(/\s+/g, ' '))
  expect(complaints).toEqual([])
  await context.close()
})

test('messages that wait - shown, taken back, and sent when the reply has ended', async () => {
  const { page, complaints } = await openChat()
  // It runs until it is stopped, however long the steps before take.
  await say(page, 'Long one [[sim tokens=10000 pace=20]]')
  await answers(page).getByText('You said').waitFor()
  await say(page, 'Wait for it')
  await say(page, 'Not this one')
  const waiting = page.getByRole('list', { name: 'Waiting messages' })
  await expect
    .poll(() => waiting.getByRole('listitem').allInnerTexts())
    .toEqual(['Wait for it', 'Not this one'])
  expect(await findBarriers(page)).toEqual([])
  await waiting.getByRole('button', { name: 'Remove the waiting message Not this one' }).click()
  await expect.poll(() => waiting.getByRole('listitem').allInnerTexts()).toEqual(['Wait for it'])
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await isOver(page, 0)
  await isOver(page, 1)
  expect(await waiting.count()).toBe(0)
  expect(await answers(page).count()).toBe(2)
  expect(await page.getByText('Not this one').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('keys - a sheet of them, search, a new chat, the message box', async () => {
  const { page } = await openChat()
  await say(page, 'Remember me')
  await isOver(page, 0)
  await page.getByRole('heading', { name: 'Conversations' }).click({ force: true })
  await page.keyboard.press('/')
  await expect.poll(() => focused(page)).toBe('message-box')
  await page.keyboard.press('Control+K')
  await expect.poll(() => focused(page)).toBe('conversation-search')
  await page.keyboard.press('Control+Shift+O')
  await expect.poll(() => new URL(page.url()).pathname).toBe('/')
  await page.getByRole('button', { name: 'All keys' }).click()
  const sheet = page.getByRole('dialog', { name: 'Keys' })
  await sheet.getByText('begin a new chat').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await page.locator('body').press('?')
  await sheet.waitFor()
  await page.context().close()
})

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id)

test('a long paragraph - its full lines stay where they are while it grows, and are one text in the end', async () => {
  const { page } = await openChat()
  await say(page, 'A long answer, please [[sim tokens=6000 pace=5]]')
  const settled = page.locator('.settled-lines')
  await settled.nth(1).waitFor()
  const reply = answers(page).locator('p').first()
  /** The height of the paragraph, and of one with the same text in one piece. */
  const heights = () =>
    reply.evaluate((paragraph) => {
      const whole = paragraph.cloneNode() as HTMLElement
      whole.textContent = paragraph.textContent
      paragraph.after(whole)
      const both = [paragraph.offsetHeight, whole.offsetHeight]
      whole.remove()
      return both
    })
  const [shown, whole] = await heights()
  expect(shown).toBe(whole)
  // What is selected stays selected while it grows.
  const selection = () => page.evaluate(() => document.getSelection()?.toString())
  await settled.last().evaluate(({ nextSibling: open }) => {
    if (open) document.getSelection()?.setBaseAndExtent(open, 0, open, 100)
  })
  const selected = await selection()
  expect(selected?.length).toBeGreaterThan(90)
  const length = () => reply.evaluate((paragraph) => paragraph.textContent.length)
  const before = await length()
  await expect.poll(length).toBeGreaterThan(before + 2700)
  expect(await selection()).toBe(selected)
  await page.evaluate(() => document.getSelection()?.removeAllRanges())
  // In another width its lines are others.
  await page.setViewportSize({ width: 700, height: 900 })
  await expect.poll(async () => new Set(await heights()).size).toBe(1)
  await answers(page).getByRole('button', { name: 'Stop' }).click()
  await isOver(page, 0)
  await expect.poll(() => settled.count()).toBe(0)
  expect(await reply.locator('span').count()).toBe(1)
  await page.context().close()
})

test('the network goes and comes back in mid-reply - nothing is lost', async () => {
  const { page, context, complaints } = await openChat()
  await say(page, 'Offline [[sim tokens=150 pace=20]]')
  await answers(page).getByText('You said').waitFor()
  await context.setOffline(true)
  await page.getByText(/You are offline/).waitFor()
  await context.setOffline(false)
  await isOver(page, 0)
  expect(complaints).toEqual([])
  await context.close()
})

test('its worker is killed in mid-reply - another one answers before the same eyes', async () => {
  const { page, complaints } = await openChat()
  await say(page, 'Survive this [[sim tokens=200 pace=30]]')
  await answers(page).getByText('You said').waitFor()
  // One of the two has the turn.
  for (const worker of ['chat-worker-1', 'chat-worker-2']) {
    const pid = await pages.stack.findPid(worker)
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  await isOver(page, 0)
  expect(await answers(page).locator('.markdown').textContent()).toMatch(/^You said: "Survive this"/)
  await page.getByText('The answer begins again').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('edit and regenerate - in the place of the message, with earlier versions to look at', async () => {
  const { page, context } = await openChat()
  await say(page, 'Original question')
  await isOver(page, 0)
  await say(page, 'What follows')
  await isOver(page, 1)
  const first = page.getByRole('article', { name: 'You' }).first()
  await first.hover()
  await first.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Edit message' }).fill('Better question')
  await page.getByRole('button', { name: 'Send edit' }).click()
  await page.getByText('2 of 2').waitFor()
  await isOver(page, 0)
  expect(await answers(page).count()).toBe(1)
  await answers(page).getByRole('button', { name: 'Regenerate' }).click()
  await page.getByText('3 of 3').waitFor()
  await isOver(page, 0)
  await page.getByRole('button', { name: 'Earlier version' }).click()
  await page.getByRole('button', { name: 'Earlier version' }).click()
  const thread = page.getByRole('region', { name: 'Conversation' })
  await thread.getByText('Original question', { exact: true }).waitFor()
  await page.reload()
  await page.getByText('3 of 3').waitFor()
  await context.close()
})

test('conversations - renamed, found by a word, deleted', async () => {
  const { page, context } = await openChat()
  await say(page, 'About walruses')
  await isOver(page, 0)
  const list = page.getByRole('navigation', { name: 'Conversations' })
  await list.getByRole('button', { name: 'Actions for About walruses' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByLabel('Title').fill('Sea animals')
  await page.getByRole('button', { name: 'Rename' }).click()
  await list.getByRole('link', { name: 'Sea animals' }).waitFor()
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('walr')
  await expect.poll(() => list.getByRole('listitem').count()).toBe(1)
  await list.getByRole('button', { name: 'Actions for Sea animals' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL(`${pages.url}/`)
  await page.getByText('Nothing was found.').waitFor()
  await context.close()
})

test('formulas - drawn as MathML, in a line and alone; a hostile one stays text, and prices stay prices', async () => {
  const { page, complaints } = await openChat()
  await say(page, 'So $e^{i\\pi}+1=0$ for $5 or $6')
  await isOver(page, 0)
  await answers(page).locator('math msup').first().waitFor()
  expect(await answers(page).first().locator('.markdown').innerText()).toContain('$5 or $6')
  await say(page, 'Look: $\\href{javascript:alert(1)}{x}$')
  await isOver(page, 1)
  await answers(page).nth(1).getByText('\\href{javascript:alert(1)}{x}').waitFor()
  expect(await answers(page).nth(1).locator('.markdown a, math a').count()).toBe(0)
  expect(await findBarriers(page)).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('hostile text in a question and in its answer does nothing', async () => {
  const { page, context, complaints } = await openChat()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).origin))
  await page.evaluate(() =>
    Object.assign(globalThis, { alert: () => Object.assign(globalThis, { hit: true }) }),
  )
  await say(
    page,
    '<img src=x onerror=alert(1)> ![p](https://evil.example/p.png) [go](javascript:alert(1)) <script>alert(1)</script>',
  )
  await isOver(page, 0)
  expect(await page.evaluate(() => 'hit' in globalThis)).toBe(false)
  expect(await page.locator('.thread img, .thread script, .thread a[href^="javascript"]').count()).toBe(0)
  expect(new Set(asked.map((origin) => origin.replace(/^ws/, 'http')))).toEqual(new Set([pages.url]))
  expect(complaints).toEqual([])
  await context.close()
})

test('a turn in the flow history - found, with its timeline and what was measured', async () => {
  const { page, context, complaints } = await openChat()
  await say(page, 'Timeline please [[sim tool=demo__echo:{"message":"hi"}]]')
  await isOver(page, 0)
  await page.getByRole('link', { name: 'Flow history' }).click()
  await page.getByRole('link', { name: /^Timeline please/ }).click()
  const steps = page.getByRole('group', { name: 'Steps' })
  await steps.getByRole('button', { name: /^demo\.echo/ }).waitFor()
  await steps.getByRole('button', { name: /^Settled/ }).waitFor()
  const widthOf = (name: RegExp) =>
    steps
      .getByRole('button', { name })
      .locator('.bar')
      .evaluate((bar) => bar.getBoundingClientRect().width)
  const before = await widthOf(/^demo\.echo/)
  await steps.getByRole('button', { name: /^demo\.echo/ }).click()
  await page.getByRole('button', { name: 'Zoom to this step' }).click()
  await expect.poll(() => widthOf(/^demo\.echo/)).toBeGreaterThan(before)
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Whole turn' }).click()
  await expect.poll(() => widthOf(/^demo\.echo/)).toBe(before)
  await steps.getByRole('button', { name: /^Limits/ }).click()
  await page.getByRole('cell', { name: 'cost daily' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.goto(`${pages.url}/analytics/flow-history?view=conversations`)
  await page.getByRole('link', { name: /^Timeline please/ }).click()
  await page.getByText('Turns of one conversation.').waitFor()
  expect(await findBarriers(page)).toEqual([])
  expect(await page.getByLabel('User id').count()).toBe(0)
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('turns.csv')
  expect(await consumers.text(await download.createReadStream())).toContain('Timeline please')
  // Long after its end the chat still shows what it called.
  await page.getByRole('link', { name: 'Chat', exact: true }).click()
  await page.getByRole('link', { name: /^Timeline please/ }).click()
  await page.getByRole('list', { name: 'Tools' }).getByText('demo.echo').waitFor()
  expect(complaints).toEqual([])
  await context.close()
})
