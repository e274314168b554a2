import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messageBox } from './drive-chat.ts'
import { openPages } from './open-pages.ts'

const picturesFolder = fileURLToPath(new URL('../../../docs/images/', import.meta.url))

let pages: Awaited<ReturnType<typeof openPages>>

beforeAll(async () => {
  pages = await openPages()
}, 400_000)
afterAll(() => pages[Symbol.asyncDispose]())

const question = 'What is in the queue right now?'
const answer = [
  'Three turns wait, and the oldest one waits for 1.2 seconds:',
  '',
  '| turn | waits for | model |',
  '| --- | --- | --- |',
  '| 0190f3c1 | 1.2 s | claude-sonnet-5-5 |',
  '| 0190f3c4 | 0.7 s | claude-sonnet-5-5 |',
  '| 0190f3c9 | 0.1 s | claude-haiku-5 |',
  '',
  'A second worker would take two of them at once:',
  '',
  '```sh',
  'npm run scale -- --workers 2',
  '```',
].join('\n')

/** Kept as the pictures of the documents where UPDATE_PICTURES is set; made in every run, so that they can be. */
test('pictures of chat, flow history and timeline', async () => {
  const isKept = process.env['UPDATE_PICTURES'] !== undefined
  const { page } = await pages.openPage({ viewport: { width: 1280, height: 800 } })
  const take = async (name: string) => {
    await mkdir(picturesFolder, { recursive: true })
    const picture = await page.screenshot(isKept ? { path: join(picturesFolder, name) } : {})
    expect(picture.byteLength).toBeGreaterThan(10_000)
  }
  await pages.signIn(page, 'developer')
  const box = messageBox(page)
  for (const text of ['Summarise the incident of Tuesday', 'Draft a note to the team']) {
    await box.fill(text)
    await box.press('Enter')
    await page.getByRole('button', { name: 'Regenerate' }).waitFor()
    await page.getByRole('link', { name: 'New chat' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  await box.fill(`${question} [[sim tool=demo__echo:{"message":"queue"}]]`)
  await box.press('Enter')
  await page.getByRole('button', { name: 'Regenerate' }).waitFor()
  const { session_id } = await page.evaluate(async () => {
    const { access_token } = await (await fetch('/auth/refresh', { method: 'POST' })).json()
    const headers = { authorization: `Bearer ${access_token}` }
    return (await (await fetch('/api/v1/flows?limit=1', { headers })).json()).items[0]
  })
  // The simulator's own words say little: the stored answer stands for one.
  await pages.query('update omni2.turns set user_text = $1, answer = $2 where session_id = $3', [
    question,
    answer,
    session_id,
  ])
  await page.reload()
  await page.getByRole('region', { name: 'Table' }).waitFor()
  await page.getByRole('link', { name: question }).waitFor()
  await take('chat.png')
  await page.goto(`${pages.url}/analytics/flow-history`)
  await page.getByRole('region', { name: 'Turns' }).waitFor()
  await page.getByRole('img', { name: /^Turns/ }).waitFor()
  await take('flow-history.png')
  await page.getByRole('link', { name: question }).click()
  await page.getByRole('button', { name: /^Settled/ }).waitFor()
  await take('timeline.png')
})
