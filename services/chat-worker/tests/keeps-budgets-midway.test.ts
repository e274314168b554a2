import type { ServerFrame, TurnMessage } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sumModelCost } from './model-prices.ts'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'

/** Longest reply, and the shortest that the worker begins. */
const [longest, shortest] = [1000, 200]

let world: NotesWorld
let lastUser = 10

beforeAll(async () => {
  world = await openNotesWorld()
  await world.startWithTools({
    MODEL_MAX_TOKENS: String(longest),
    MODEL_MIN_OUTPUT_TOKENS: String(shortest),
    MODEL_TOOL_ROUNDS: '50',
  })
})
afterAll(() => world[Symbol.asyncDispose]())

async function addUser(): Promise<number> {
  lastUser += 1
  const values = `(${lastUser}, 'user ${lastUser}', 'User', 1, true)`
  await world.database.query(
    `insert into auth_service.users (id, username, name, role_id, active) values ${values}`,
  )
  return lastUser
}

const makeTurnOf = (user_id: number, text: string): TurnMessage =>
  world.makeTurn(text, { identity: { ...world.makeTurn('').identity, user_id } })

const limit = (user: number, kind: 'max_cost' | 'max_tokens', value: number) =>
  world.database.query(
    `insert into omni2.user_usage_limits (user_id, period_days, ${kind}) values ($1, 1, $2)`,
    [user, value],
  )

/** Sends a turn that calls `wait`; resolves when the call has reached its server. */
async function sendIntoCall(turn: TurnMessage) {
  const before = world.notes.calls('wait').length
  const followed = await world.send(turn)
  await expect.poll(() => world.notes.calls('wait').length).toBe(before + 1)
  return followed
}

/** The model's calls for a user, oldest first. */
const callsOf = (user: number) => world.model.log.list({ metadataUserId: String(user) }).toReversed()

/** The longest reply that a call was allowed. */
const readMaxTokens = ({ request }: { request: string }): number =>
  JSON.parse(world.model.log.find(request)?.body ?? '{}').max_tokens

const countTokens = (calls: ReturnType<typeof callsOf>): number =>
  calls.reduce((sum, { usage }) => sum + (usage ? usage.input_tokens + usage.output_tokens : 0), 0)

const textOf = (frames: readonly ServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')

/** The turn ended at its limit: published, stored, recorded and billed once, with nothing left reserved. */
async function expectCut(turn: TurnMessage, frames: readonly ServerFrame[]): Promise<void> {
  const calls = callsOf(turn.identity.user_id).filter(({ request }) =>
    world.model.log.find(request)?.body.includes(turn.text.slice(0, 10)),
  )
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [
    turn.session_id,
  ])
  expect(row).toMatchObject({ status: 'interrupted', answer: textOf(frames), estimated: false })
  expect(Number(row?.['cost_usd'])).toBeCloseTo(sumModelCost(calls), 8)
  expect(Number(row?.['abandoned_cost_usd'])).toBe(0)
  const settlements = async () =>
    (await world.readFlow(turn.session_id)).filter(({ kind }) => kind === 'settlement')
  await expect
    .poll(settlements)
    .toMatchObject([{ status: 'interrupted', result: { iterations: calls.length } }])
  const events = await world.readEvents(turn)
  expect(
    events.filter(({ event_type, outcome }) => event_type === 'usage_check' && outcome === 'refused'),
  ).toHaveLength(1)
  expect(await world.database.query('select * from omni2.usage_reservations')).toEqual([])
}

test('a turn whose rounds use its budget up gets shorter replies, then none, and never passes it', async () => {
  const user = await addUser()
  const budget = 0.015
  await limit(user, 'max_cost', budget)
  const turn = makeTurnOf(user, 'Rounds for ever [[sim thinking=100 tool=notes__read_note rounds=50]]')
  const { frames, ended } = await world.send(turn)
  const end = await ended
  const calls = callsOf(user)
  const spent = sumModelCost(calls)
  expect(end).toMatchObject({
    type: 'error',
    code: 'cost_limit',
    limit_kind: 'cost_period',
    limit: budget,
    reset_at: expect.any(String),
    retry_after_ms: expect.any(Number),
    result: { answer: textOf(frames), iterations: calls.length, stop_reason: 'interrupted' },
  })
  expect(end).toMatchObject({ used: expect.closeTo(spent, 7), remaining: expect.closeTo(budget - spent, 7) })
  expect(spent).toBeLessThanOrEqual(budget)
  const allowed = calls.map(readMaxTokens)
  expect(allowed[0]).toBe(longest)
  expect(allowed).toEqual(allowed.toSorted((one, other) => other - one))
  expect(allowed.at(-1)).toBeLessThan(longest)
  expect(allowed.at(-1)).toBeGreaterThanOrEqual(shortest)
  await expectCut(turn, frames)
})

test('a limit that another turn uses up while a tool runs ends the turn at its next round', async () => {
  const [user, probe] = [await addUser(), await addUser()]
  const text = 'Other [[sim tokens=950]]'
  const probed = await (await world.send(makeTurnOf(probe, text))).ended
  if (probed.type !== 'done') throw new Error(`ended with ${probed.type}`)
  // Two calls at the same time fit, and little more.
  const budget = 2 * (probed.result.tokens_input + longest) + 100
  await limit(user, 'max_tokens', budget)
  const turn = makeTurnOf(user, 'Begin [[sim thinking=900 tool=notes__wait]]')
  const { frames, ended } = await sendIntoCall(turn)
  expect(await (await world.send(makeTurnOf(user, text))).ended).toMatchObject({ type: 'done' })
  world.notes.release()
  const calls = countTokens(callsOf(user))
  expect(await ended).toMatchObject({
    type: 'error',
    code: 'token_limit',
    limit_kind: 'tokens_period',
    limit: budget,
    used: calls,
    remaining: budget - calls,
    result: { iterations: 1, tools_used: ['notes.wait'] },
  })
  expect(callsOf(user)).toHaveLength(2)
  expect(calls).toBeLessThanOrEqual(budget)
  await expectCut(turn, frames)
})

test.each([
  ['max_cost', 0.0001, 'cost_limit'],
  ['max_tokens', 10, 'token_limit'],
] as const)(
  '%s lowered to %d while a tool runs - the model is not asked again',
  async (kind, value, code) => {
    const user = await addUser()
    const turn = makeTurnOf(user, 'Lowered [[sim tool=notes__wait]]')
    const { frames, ended } = await sendIntoCall(turn)
    await limit(user, kind, value)
    world.notes.release()
    expect(await ended).toMatchObject({
      type: 'error',
      code,
      limit: value,
      remaining: 0,
      result: { iterations: 1 },
    })
    expect(callsOf(user)).toHaveLength(1)
    await expectCut(turn, frames)
  },
)

test('a limit lowered while a tool runs, with room for a short reply - the next one may be as long as that', async () => {
  const user = await addUser()
  const turn = makeTurnOf(user, 'Shorter [[sim tokens=950 tool=notes__wait]]')
  const { ended } = await sendIntoCall(turn)
  const budget = countTokens(callsOf(user)) * 2 + 300
  await limit(user, 'max_tokens', budget)
  world.notes.release()
  const end = await ended
  const [, second] = callsOf(user)
  if (!second) throw new Error('no second call')
  const allowed = readMaxTokens(second)
  expect(allowed).toBeLessThan(longest)
  expect(end).toMatchObject({
    type: 'done',
    result: { iterations: 2, stop_reason: 'max_tokens', warning: expect.any(String) },
  })
  expect(second.tokensSent).toBe(allowed)
  expect(countTokens(callsOf(user))).toBe(budget)
})
