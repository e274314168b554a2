import { afterAll, beforeAll, expect, test } from 'vitest'
import { messageBox, say } from './drive-chat.ts'
import { findBarriers } from './find-barriers.ts'
import { openPages } from './open-pages.ts'

let pages: Awaited<ReturnType<typeof openPages>>

beforeAll(async () => {
  pages = await openPages()
}, 400_000)
afterAll(() => pages[Symbol.asyncDispose]())

test('a role - what it would be offered shows at once, and holds from the next turn on', async () => {
  const { page, complaints, context } = await pages.openAs('admin', '/admin/roles')
  await page.getByRole('link', { name: 'viewer', exact: true }).click()
  const effect = page.getByRole('region', { name: 'Effect' })
  await page.getByLabel('demo', { exact: true }).setChecked(true)
  await page.getByLabel('Tools of demo').selectOption('Only these')
  await page.getByLabel('Names or patterns of demo').fill('get-*\n{e,x}cho')
  await effect.getByRole('listitem').filter({ hasText: 'by {e,x}cho' }).waitFor()
  const rows = effect.getByRole('listitem')
  expect(await rows.filter({ hasText: 'echo' }).innerText()).toMatch(/^offered/)
  expect(await rows.filter({ hasText: 'get-sum' }).innerText()).toMatch(/^offered\s+get-sum\s+by get-\*/)
  await page.getByLabel('Tools of demo').selectOption('All but these')
  await page.getByLabel('Names or patterns of demo').fill('get-*')
  await effect.getByRole('listitem').filter({ hasText: 'excluded by get-*' }).first().waitFor()
  expect(await rows.filter({ hasText: 'echo' }).innerText()).toMatch(/^offered/)
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Save role' }).click()
  await page.getByText('Saved.').waitFor()

  const viewer = await pages.openAs('viewer')
  const askAsViewer = async (text: string) => {
    await say(viewer.page, text)
    await viewer.page.getByRole('button', { name: 'Regenerate' }).last().waitFor()
  }
  await askAsViewer('Say it [[sim tool=demo__echo:{"message":"hi"}]]')
  expect(await toolsOfLastTurn('viewer')).toContain('demo.echo')
  expect(await toolsOfLastTurn('viewer')).not.toContain('demo.get-sum')
  await page.getByLabel('Tools of demo').selectOption('No tool')
  await effect.getByText('no tool of the server is').first().waitFor()
  await page.getByRole('button', { name: 'Save role' }).click()
  await effect.getByText('This role is offered 0 tools.').waitFor()
  await expect.poll(readViewerRules).toEqual({ demo: [] })
  await askAsViewer('And now?')
  expect(await toolsOfLastTurn('viewer')).toEqual([])
  expect([...complaints, ...viewer.complaints]).toEqual([])
  await Promise.all([context.close(), viewer.context.close()])
})

const readViewerRules = async () =>
  (await pages.query(`select tool_restrictions from auth_service.roles where name = 'viewer'`, [])).rows[0]
    ?.tool_restrictions

/** What the model was offered, as the flow of the newest turn says. */
async function toolsOfLastTurn(username: string): Promise<unknown> {
  const read = async () => {
    const { rows } = await pages.query(
      `select event.data -> 'tools' as tools from omni2.flow_events event
       where event_type = 'tool_filter' and session_id = (
         select session_id from omni2.turns join auth_service.users on id = user_id where username = $1
         order by turns.created_at desc limit 1)`,
      [username],
    )
    return rows[0]?.tools
  }
  await expect.poll(read).toBeDefined()
  return read()
}

test('a new role is made, refused where it cannot be, and deleted', async () => {
  const { page, context } = await pages.openAs('admin', '/admin/roles')
  await page.getByRole('link', { name: 'New role' }).click()
  await page.getByLabel('Name', { exact: true }).fill('viewer')
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('helpers')
  await page.getByLabel('USD a day').fill('much')
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('alert').getByText('A limit must be a number').waitFor()
  expect((await pages.query(`select from auth_service.roles where name = 'helpers'`, [])).rows).toEqual([])
  await page.getByLabel('USD a day').fill('')
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('heading', { name: 'helpers' }).waitFor()
  await page.getByRole('button', { name: 'Delete role' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('table').waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'helpers' }).count()).toBe(0)
  await context.close()
})

test('a user is invited - the link sets a password once, signs in, and is void afterwards', async () => {
  const { page, complaints, context } = await pages.openAs('admin', '/admin')
  await page.getByRole('button', { name: 'Create user' }).click()
  await page.getByLabel('Username').fill('guest')
  await page.getByLabel('Role').selectOption('developer')
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page.getByRole('button', { name: 'guest', exact: true }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  const shown = page.getByLabel('Link to give to the user')
  const link = await shown.inputValue()
  expect(link).toMatch(/\/login\/invitation#omni2_it_[\w-]{43}$/)
  await page.getByRole('button', { name: 'Withdraw invitation' }).waitFor()
  expect(await findBarriers(page)).toEqual([])

  const guest = await pages.openPage()
  const choose = async (password: string, repeated = password) => {
    await guest.page.getByLabel('New password').fill(password)
    await guest.page.getByLabel('The same again').fill(repeated)
    await guest.page.getByRole('button', { name: 'Set password and sign in' }).click()
  }
  await guest.page.goto(link)
  await guest.page.getByLabel('New password').waitFor()
  expect(guest.page.url()).not.toContain('omni2_it_')
  expect(await findBarriers(guest.page)).toEqual([])
  await choose('a-good-password-8', 'another-password')
  await guest.page.getByText('The two passwords are not the same.').waitFor()
  await choose('short')
  await guest.page.getByText('must have 12 characters or more').waitFor()
  await choose('a-good-password-8')
  await messageBox(guest.page).waitFor()
  expect(new URL(guest.page.url()).pathname).toBe('/')

  const late = await pages.openPage()
  await late.page.goto(link)
  await late.page.getByLabel('New password').fill('a-good-password-9')
  await late.page.getByLabel('The same again').fill('a-good-password-9')
  await late.page.getByRole('button', { name: 'Set password and sign in' }).click()
  await late.page.getByText('This invitation is unknown, used or expired').waitFor()
  await late.page.goto(`${pages.url}/login/invitation`)
  await late.page.getByText('This link is not whole').waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'guest', exact: true }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByRole('button', { name: 'Withdraw invitation' }).click()
  await page.getByRole('button', { name: 'Invite', exact: true }).waitFor()
  expect(await shown.count()).toBe(0)
  expect([...complaints, ...guest.complaints, ...late.complaints]).toEqual([])
  await Promise.all([context.close(), guest.context.close(), late.context.close()])
})

test('an MCP server - its tools are listed and tried, it is added, disabled and deleted', async () => {
  const { page, complaints, context } = await pages.openAs('admin', '/admin/mcp-servers')
  await page.getByRole('button', { name: 'demo', exact: true }).click()
  await page.getByRole('button', { name: 'List tools' }).click()
  await page.getByText(/^demo offers \d+ tools\.$/).waitFor()
  await page.getByLabel('Tool', { exact: true }).selectOption('echo')
  await page.getByLabel('Arguments').fill('{"message":"Hello <b>there</b>"}')
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  const result = page.getByLabel('Result')
  await result.waitFor()
  expect(await result.innerText()).toContain('Hello <b>there</b>')
  await page.getByRole('dialog', { name: 'demo' }).getByText('healthy').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('Arguments').fill('{')
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  await page.getByText('The arguments must be JSON').waitFor()
  await page.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: 'Add server' }).click()
  await page.getByLabel('Name', { exact: true }).fill('spare')
  await page.getByLabel('Address').fill('http://127.0.0.1:9/mcp')
  await page.getByLabel('Credentials').selectOption('Bearer token')
  await page.getByLabel('Secrets').fill('{"token":"s3cret-value"}')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'spare', exact: true }).click()
  expect(await page.content()).not.toContain('s3cret-value')
  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Enable' }).waitFor()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect.poll(() => page.getByRole('button', { name: 'spare', exact: true }).count()).toBe(0)
  expect(complaints).toEqual([])
  await context.close()
})

test('limits, texts, prices and usage are shown and changed', async () => {
  const { page, complaints, context } = await pages.openAs('admin', '/admin/limits')
  const admin = page.getByRole('navigation', { name: 'Parts' })
  await page.getByText('No user has used 70 %').waitFor()
  await page.getByLabel('Turns at once').fill('7')
  await page.getByRole('button', { name: 'Save limits' }).click()
  await page.getByText('Saved.').waitFor()
  expect(await findBarriers(page)).toEqual([])

  await admin.getByRole('link', { name: 'Texts' }).click()
  await page.getByLabel('System prompt of').selectOption({ label: 'viewer (none)' })
  await page.getByLabel('System prompt', { exact: true }).fill('Be brief.')
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByRole('button', { name: 'Remove' }).first().waitFor()
  await page.getByLabel('Welcome text of').selectOption({ label: 'viewer (none)' })
  await page.getByLabel('Welcome text', { exact: true }).fill('Hello, viewer.')
  await page.getByRole('button', { name: 'Save' }).last().click()
  await expect.poll(() => page.getByRole('button', { name: 'Remove' }).count()).toBe(2)
  expect(await findBarriers(page)).toEqual([])

  await admin.getByRole('link', { name: 'Prices' }).click()
  const inputs = async () => {
    const cells = page.getByRole('region', { name: 'Prices' }).locator('tbody tr td:nth-child(2)')
    return (await cells.allInnerTexts()).map(Number)
  }
  const asTheyCame = await inputs()
  const rising = asTheyCame.toSorted((a, b) => a - b)
  const head = page.getByRole('columnheader', { name: 'Input' })
  for (const [order, expected] of [
    ['descending', rising.toReversed()],
    ['ascending', rising],
    ['none', asTheyCame],
  ] as const) {
    await head.getByRole('button').press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe(order)
    expect(await inputs()).toEqual(expected)
  }
  await page.getByRole('button', { name: 'Add price' }).click()
  await page.getByLabel('Model').fill('claude-test-1')
  for (const name of ['Input', 'Output', 'Read from cache', 'Written to cache'])
    await page.getByLabel(name).fill('1.5')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'claude-test-1' }).click()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect.poll(() => page.getByRole('button', { name: 'claude-test-1' }).count()).toBe(0)

  await admin.getByRole('link', { name: 'Usage' }).click()
  await page.getByRole('link', { name: 'viewer' }).first().waitFor()
  expect(await findBarriers(page)).toEqual([])

  const { rows } = await pages.query(
    `select config_key, config_value from omni2.omni2_config
     where config_key in ('limits.default', 'system_prompt.role.viewer') order by 1`,
    [],
  )
  expect(rows).toMatchObject([{ config_value: { concurrent_turns: 7 } }, { config_value: 'Be brief.' }])
  expect(complaints).toEqual([])
  await context.close()
})

test('a limit is shown to its user before it is used up, with when it begins again', async () => {
  const { page, complaints, context } = await pages.openAs('developer')
  await pages.query(
    `insert into omni2.user_usage_limits (user_id, period_days, max_requests)
     select id, 1, 5 from auth_service.users where username = 'developer'`,
    [],
  )
  const near = page.getByText(/messages left, again /)
  for (const left of [4, 3, 2, 1]) {
    expect(await near.count()).toBe(0)
    await say(page, 'Go on [[sim tokens=2 pace=0]]')
    await expect.poll(() => page.getByRole('button', { name: 'Regenerate' }).count()).toBe(5 - left)
  }
  await page.getByText(/^1 of 5 messages left, again \S/).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await say(page, 'Once more [[sim tokens=2 pace=0]]')
  await page.getByText(/^0 of 5 messages left/).waitFor()
  expect(complaints).toEqual([])
  await context.close()
})

test('live - each process is shown with what it has in hand, and as gone when it is', async () => {
  const { page, complaints, context } = await pages.openAs('admin', '/live')
  const processes = page.getByRole('region', { name: 'Processes' })
  for (const name of ['ws-edge-1', 'chat-worker-1', 'chat-worker-2', 'flow-recorder-1', 'console-1'])
    await processes.getByRole('cell', { name, exact: true }).waitFor()
  const pid = await pages.stack.findPid('chat-worker-2')
  process.kill(pid ?? 0, 'SIGSTOP')
  try {
    await expect
      .poll(() => processes.getByRole('cell', { name: 'chat-worker-2', exact: true }).count())
      .toBe(0)
  } finally {
    process.kill(pid ?? 0, 'SIGCONT')
  }
  await processes.getByRole('cell', { name: 'chat-worker-2', exact: true }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  expect(complaints).toEqual([])
  await context.close()
})

test('an operator sees everything and changes nothing', async () => {
  await pages.query(
    `with made as (
       insert into auth_service.roles (name, mcp_access, rate_limit, cost_limit_daily)
       values ('operator', '{}', 60, 1) returning id)
     update auth_service.users set role_id = made.id from made where username = 'developer'`,
    [],
  )
  const { page, context } = await pages.openAs('developer', '/admin/roles/viewer')
  await page
    .getByRole('region', { name: 'Effect' })
    .getByText(/This role is offered/)
    .waitFor()
  expect(await page.getByRole('button', { name: 'Save role' }).count()).toBe(0)
  await page.goto(`${pages.url}/admin/mcp-servers`)
  await page.getByRole('button', { name: 'demo', exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'Add server' }).count()).toBe(0)
  await context.close()
})
