import { afterAll, beforeAll, expect, test } from 'vitest'
import { chat, logIn } from './chat-with-stack.ts'
import { finishCommand, makeTestFolder } from './run-command.ts'
import { startStack, type StartedStack } from './started-stack.ts'

const held = new AsyncDisposableStack()
let dataFolder = ''
let stack: StartedStack

beforeAll(async () => {
  dataFolder = held.use(await makeTestFolder()).path
  const few = ['--edges', '1', '--workers', '1', '--recorders', '1']
  stack = held.use(await startStack(dataFolder, few, { MODEL: 'own-model' }))
}, 120_000)

afterAll(() => held.disposeAsync())

const admin = async (...args: string[]) => {
  const { code, stdout, stderr } = await finishCommand(['admin', ...args, '--data', dataFolder])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

test('start - of a model without a price - comes up, says how to set it, and answers once it is set', async () => {
  expect(stack.command.said.stderr).toContain(
    'chat-worker-1: own-model has no price; set it with: npm run admin -- prices set own-model --input',
  )
  const { token } = await logIn(stack.line, 'developer')
  const waiting = chat(stack.line, token, 'Hello')
  const amounts = ['--input', '1', '--output', '1000', '--cache-read', '1', '--cache-write', '1']
  const done = await admin('prices', 'set', 'own-model', ...amounts, '--source', 'our contract')
  expect(done).toMatch(/^the price of own-model is set, from the next turn on \(change \d+\)\n/)
  const end = (await waiting).at(-1)
  expect(end).toMatchObject({ type: 'done', result: { model: 'own-model' } })

  const { session_id, result } = end as unknown as { session_id: string; result: Record<string, number> }
  const { tokens_input = 0, tokens_output = 0, cost_usd = 0 } = result
  expect(cost_usd).toBeCloseTo((tokens_input + 1000 * tokens_output) / 1e6, 8)
  expect(await admin('prices')).toMatch(/^own-model +1 +1000 +1 +1 +\S+ +our contract$/m)
  const bill = new RegExp(
    `developer +own-model +1 +${tokens_input} +\\d+ +${tokens_output} +0 +${cost_usd.toFixed(6)}$`,
    'm',
  )
  expect(await admin('usage', 'developer')).toMatch(bill)
  expect(await admin('turns', 'developer')).toMatch(new RegExp(`^${session_id} .* done +own-model `, 'm'))
  await expect
    .poll(() => admin('turn', session_id), { timeout: 20_000 })
    .toMatch(/usage_check +passed .*\n +requests_per_minute +\d+ of \d+, \d+ left/)
}, 120_000)

test('limits - what is not given stays, and what is different is printed', async () => {
  expect(await admin('limits', 'viewer', '--max-cost', '5')).toMatch(/\n {2}max_cost +none → 5\n/)
  expect(await admin('limits', 'viewer', '--max-requests', '10')).toMatch(
    /\)\n {2}max_requests +none → 10\n$/,
  )
  expect(await admin('limits', 'viewer')).toMatch(/max_requests +10\nmax_cost +5\n/)
})
