import { afterAll, beforeAll, expect, test } from 'vitest'
import { messageBox, say } from './drive-chat.ts'
import { findBarriers } from './find-barriers.ts'
import { openPages } from './open-pages.ts'

let pages: Awaited<ReturnType<typeof openPages>>

beforeAll(async () => {
  pages = await openPages()
}, 400_000)
afterAll(() => pages[Symbol.asyncDispose]())

test('live - a turn of another user is seen as it runs, followed and stopped', async () => {
  const user = await pages.openAs('developer')
  const operator = await pages.openAs('admin', '/live')
  const { page } = operator
  await page.getByLabel('Username').fill('developer')
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await page.getByRole('button', { name: 'Monitor for 10 minutes' }).click()
  await page.getByText('Waiting for the next turn of this user.').waitFor()
  await user.page.reload()
  await user.page.getByText(/Operators may follow your messages until/).waitFor()
  await say(user.page, 'Endless [[sim tokens=5000 pace=20]]')
  const events = page.getByRole('list', { name: 'Events' })
  await events.getByText('usage check').waitFor()
  const row = page.getByRole('row').filter({ hasText: 'developer' })
  await row.getByRole('button', { name: 'Stop' }).click()
  await user.page.getByText(/^Stopped · /).waitFor()
  await events.getByText('llm complete').or(events.getByText('error')).first().waitFor()
  await page.getByText('No turn waits or runs.').waitFor()
  expect(await findBarriers(page)).toEqual([])
  expect([...operator.complaints, ...user.complaints]).toEqual([])
  await Promise.all([user.context.close(), operator.context.close()])
})

test('administration - a user is made, blocked while chatting, let in again; the audit log has it all', async () => {
  const { page, complaints } = await pages.openAs('admin', '/admin')
  await page.getByRole('button', { name: 'Create user' }).click()
  await page.getByLabel('Username').fill('walrus')
  await page.getByLabel('Password').fill('a-good-password-7')
  await page.getByLabel('Role').selectOption('developer')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.getByRole('button', { name: 'walrus' }).click()
  const account = page.getByRole('dialog', { name: 'walrus' })
  expect(await account.getByLabel('Role').inputValue()).toBe('developer')
  await account.getByRole('button', { name: 'Deactivate' }).waitFor()

  const chat = await pages.openPage()
  await chat.page.goto(pages.url)
  await chat.page.getByLabel('Username').fill('walrus')
  await chat.page.getByLabel('Password').fill('a-good-password-7')
  await chat.page.getByRole('button', { name: 'Sign in' }).click()
  await messageBox(chat.page).waitFor()

  await page.getByLabel('Message to the blocked user').fill('Please call us.')
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  await chat.page.getByRole('alert').getByText('Please call us.').waitFor()
  await page.getByRole('button', { name: 'Unblock' }).click()
  await page.getByRole('button', { name: 'Block', exact: true }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await chat.page.reload()
  await say(chat.page, 'Hello again')
  await chat.page.getByRole('button', { name: 'Regenerate' }).waitFor()

  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('link', { name: 'Audit log' }).click()
  for (const action of ['user.create', 'user.block', 'user.unblock'])
    await page.getByText(action, { exact: true }).first().waitFor()
  expect(await findBarriers(page)).toEqual([])
  expect([...complaints, ...chat.complaints]).toEqual([])
  await Promise.all([page.context().close(), chat.context.close()])
})

test('dead letters - by their reason, tried without harm, dropped and replayed', async () => {
  const { page, complaints, context } = await pages.openAs('admin', '/live')
  await pages.stack.publish('ws-edge', 'chat.turns', 'no turn')
  await pages.stack.publish('ws-edge', 'chat.turns', 'no turn either')
  const group = page.getByRole('group').filter({ hasText: 'not_a_turn' })
  await group.getByRole('listitem').nth(1).waitFor()
  const first = group.getByRole('listitem').first()
  await first.getByRole('button', { name: 'Dry run' }).click()
  await first.getByText('It would become a dead letter again.').waitFor()
  expect(await group.getByRole('listitem').count()).toBe(2)
  expect(await findBarriers(page)).toEqual([])
  await first.getByRole('button', { name: 'Drop', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Drop' }).click()
  await expect.poll(() => group.getByRole('listitem').count()).toBe(1)
  // It comes back at once: no worker can use it.
  await first.getByRole('button', { name: 'Replay' }).click()
  const countReplays = async () =>
    (await pages.query(`select from omni2.admin_changes where action = 'dead_letter.replay'`, [])).rows.length
  await expect.poll(countReplays).toBe(1)
  expect(complaints).toEqual([])
  await context.close()
})

test('a user without such a role has neither the links nor the pages', async () => {
  const { page, context } = await pages.openAs('viewer')
  await page.getByRole('link', { name: 'Flow history' }).waitFor()
  for (const name of ['Live', 'Administration'])
    expect(await page.getByRole('link', { name }).count()).toBe(0)
  for (const path of ['/live', '/admin']) {
    await page.goto(`${pages.url}${path}`)
    await page.getByText('This page is for operators.').waitFor()
  }
  await context.close()
})
