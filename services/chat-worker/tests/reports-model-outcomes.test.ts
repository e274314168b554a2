import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkerWorld, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld({ model: { contextTokens: 3000 } })
  await world.startWorker({ MODEL_BREAKER_FAILURES: '1000' })
})
afterAll(() => world[Symbol.asyncDispose]())

let turns = 0

async function run(directive: string, text = 'Go') {
  turns += 1
  const marker = `(turn ${turns})`
  const turn = world.makeTurn(`${text} ${marker} [[sim ${directive}]]`)
  const { frames, ended } = await world.send(turn)
  const end = await ended
  const [row] = await world.database.query(
    'select status, cost_usd, estimated from omni2.turns where session_id = $1',
    [turn.session_id],
  )
  const calls = world.model.log
    .list()
    .filter(({ request }) => world.model.log.find(request)?.body.includes(marker))
  return { turn, frames, end, row, calls }
}

/** Before the first piece of a reply: the number of requests, and the result for the client. */
test.concurrent.each([
  ['error=529', 3, 'model_overloaded'],
  ['error=500', 3, 'model_unavailable'],
  ['error=504', 3, 'model_timeout'],
  ['reset', 3, 'model_unavailable'],
  ['reset@0', 3, 'model_unavailable'],
  ['truncate@0', 3, 'model_unavailable'],
  ['error=overloaded_error@0', 3, 'model_overloaded'],
  ['error=429 retry-after=0', 3, 'model_rate_limited'],
  ['error=429 retry-after=60', 1, 'model_rate_limited'],
  ['error=429', 1, 'model_spend_cap'],
  ['error=429 retry-after=1 code=contract_spend_limit_reached', 1, 'model_spend_cap'],
  ['error=402', 1, 'model_spend_cap'],
  ['error=403 code=linked_organization_billing_unavailable', 1, 'model_spend_cap'],
  ['error=400', 1, 'model_rejected'],
  ['error=401', 1, 'model_rejected'],
])('%s - asked %i times, then %s', async (directive, times, code) => {
  const { end, row, calls } = await run(directive)
  expect(end).toMatchObject({ type: 'error', code })
  expect(JSON.stringify(end)).not.toMatch(/simulat/i)
  expect(calls).toHaveLength(times)
  expect(row?.['status']).toBe('error')
  // The input of each request that the model may have read is billed; a refusal is not.
  const wasRead = directive === 'reset' || directive.endsWith('@0')
  expect(row?.['estimated']).toBe(wasRead)
  expect(Number(row?.['cost_usd']) > 0).toBe(wasRead)
})

/** After the first piece: one request, an end with the reply so far, its cost estimated and marked. */
test.concurrent.each(['error=overloaded_error@5', 'reset@5', 'truncate@5'])(
  '%s - interrupted with the reply so far, and billed once',
  async (directive) => {
    const { end, row, calls, frames } = await run(`${directive} tokens=20`)
    expect(end).toMatchObject({
      type: 'error',
      code: 'interrupted',
      result: { estimated: true, iterations: 1 },
    })
    const said = frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')
    expect(end).toMatchObject({ result: { answer: said } })
    expect(said).not.toBe('')
    expect(calls).toHaveLength(1)
    expect(row).toMatchObject({ status: 'interrupted', estimated: true })
  },
)

test.concurrent('a model that falls silent is asked again before its first piece, and given up after it', async () => {
  await using silent = await openWorkerWorld()
  await silent.startWorker({ MODEL_STALL_MS: '1500' })
  const [before, after] = await Promise.all(
    ['stall', 'stall@5'].map((directive) =>
      silent.send(silent.makeTurn(`Go [[sim tokens=20 ${directive}]]`)),
    ),
  )
  expect(await after?.ended).toMatchObject({
    code: 'interrupted',
    cause: 'model_timeout',
    result: { iterations: 1 },
  })
  expect(await before?.ended).toMatchObject({ type: 'error', code: 'model_timeout' })
  expect(silent.model.log.list()).toHaveLength(4)
})

test.concurrent.each([
  ['unknown@3 ping=2', 'end_turn', undefined],
  ['stop=stop_sequence', 'stop_sequence', undefined],
  ['stop=refusal', 'refusal', 'The model declined to answer.'],
  ['stop=model_context_window_exceeded', 'model_context_window_exceeded', expect.stringContaining('cut')],
])('%s - done, with stop reason %s', async (directive, stop_reason, warning) => {
  const { end, frames, calls } = await run(directive)
  expect(end).toMatchObject({ type: 'done', result: { stop_reason, iterations: 1 } })
  expect(end.type === 'done' && end.result.warning).toEqual(warning)
  expect(frames.some(({ type }) => type === 'warning')).toBe(warning !== undefined)
  expect(calls).toHaveLength(1)
})

test.concurrent('a reply that pauses is continued', async () => {
  const { end, frames, calls } = await run('tokens=20 pause@6')
  expect(end).toMatchObject({
    type: 'done',
    result: { stop_reason: 'end_turn', iterations: 2, tokens_output: 20 },
  })
  const texts = calls.toReversed().map(({ text }) => text)
  expect(end).toMatchObject({ result: { answer: texts.join('') } })
  expect(frames.filter(({ type }) => type === 'warning')).toEqual([])
})

test.concurrent('a conversation that the model finds too long is asked once more with fewer turns, recorded', async () => {
  const first = world.makeTurn('First [[sim tokens=1000]]')
  const conversation = { conversation_id: first.conversation_id }
  for (const turn of [first, world.makeTurn('Second [[sim tokens=1000]]', conversation)])
    await (
      await world.send(turn)
    ).ended
  const turn = world.makeTurn('Third [[sim tokens=1000]]', conversation)
  await (
    await world.send(turn)
  ).ended
  const last = world.makeTurn('Last', conversation)
  expect(await (await world.send(last)).ended).toMatchObject({ type: 'done', result: { iterations: 2 } })
  const flow = await world.readFlow(last.session_id)
  const thinking = flow.flatMap((message) =>
    message.kind === 'event' && message.event.event_type === 'llm_thinking' ? [message.event.data] : [],
  )
  expect(thinking).toMatchObject([
    { call: 1, turns_left_out: 0 },
    { call: 2, turns_left_out: 2, after: 'context_too_long' },
  ])
})

test.concurrent('a message that is too long by itself says so', async () => {
  const { end, calls } = await run('tokens=5', 'long '.repeat(3000))
  expect(end).toMatchObject({ type: 'error', code: 'context_too_long' })
  expect(calls).toHaveLength(1)
})
