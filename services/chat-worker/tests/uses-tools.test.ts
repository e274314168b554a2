import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { requests, type ServerFrame } from '@omni2/contracts'
import { loadTurn, openDatabase } from '@omni2/db'
import { isEnded } from '../src/outcome/ended-turn.ts'
import { sendOutcome } from '../src/outcome/publish-outcome.ts'
import { sumModelCost } from './model-prices.ts'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'
import { openOddModel, type OddModel, type OddReply } from './odd-model.ts'
import { userId } from './worker-world.ts'

let world: NotesWorld
let model: OddModel

beforeAll(async () => {
  world = await openNotesWorld({ model: { contextTokens: 20_000 } })
  model = await openOddModel(world.model.url, { ids: doubled, calls: faulty })
  const ANTHROPIC_BASE_URL = model.url
  await world.startWithTools({ MODEL_TOOL_ROUNDS: '3', MODEL_TOOL_CALLS: '2', ANTHROPIC_BASE_URL })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})
beforeEach(() => world.restrict(['*']))

const textOf = (frames: readonly ServerFrame[]): string =>
  frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')

/** What the model's server counted for its last calls, as the price table has it. */
const priceLast = (calls: number): number => sumModelCost(world.model.log.list({ limit: calls }))

async function run(text: string) {
  const turn = world.makeTurn(text)
  const { frames, ended } = await world.send(turn)
  const end = await ended
  if (end.type !== 'done') throw new Error(`ended with ${JSON.stringify(end)}`)
  return { turn, frames, result: end.result }
}

const blocksOf = (message: { content: string | Record<string, unknown>[] } | undefined) =>
  typeof message?.content === 'string' ? [] : (message?.content ?? [])

test('calls the tools of a reply, gives the model their results, and publishes and bills everything', async () => {
  const { turn, frames, result } = await run(
    'Note [[sim thinking=6 tool=notes__write_note:{"text":"milk"} tool=notes__read_note]]',
  )
  expect(frames.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])).toEqual([
    'started',
    'token',
    'tool_call',
    'tool_result',
    'token',
    'done',
  ])
  expect(frames.filter(({ type }) => type === 'tool_call')).toMatchObject([
    { mcp: 'notes', tool: 'write_note', input: { text: 'milk' } },
    { mcp: 'notes', tool: 'read_note', input: {} },
  ])
  expect(result).toMatchObject({
    iterations: 2,
    tool_calls: 2,
    tools_used: ['notes.write_note', 'notes.read_note'],
    stop_reason: 'end_turn',
  })
  expect(result.answer).toBe(textOf(frames))
  expect(result.answer).toMatch(/read_note\.\n\nThe tool notes__write_note answered/)
  expect(result.cost_usd).toBeCloseTo(priceLast(2), 8)
  expect(world.notes.calls('write_note')).toHaveLength(1)
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [
    turn.session_id,
  ])
  expect(row).toMatchObject({ status: 'done', answer: result.answer, estimated: false })
})

test('gives replies back whole: thinking with its signature, calls, results in the order of the calls', async () => {
  await run('Think [[sim thinking=6 tool=notes__fail tool=notes__read_note]]')
  const [first, second] = world.readRequests(2)
  const [, reply, results] = second?.messages ?? []
  expect(blocksOf(reply).map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use', 'tool_use'])
  const calls = blocksOf(reply).flatMap(({ type, id }) => (type === 'tool_use' ? [id] : []))
  expect(blocksOf(results)).toMatchObject([
    { tool_use_id: calls[0], is_error: true, content: expect.stringContaining('the disk is full') },
    { tool_use_id: calls[1], content: expect.stringContaining('the note') },
  ])
  expect(blocksOf(results)[1]).not.toHaveProperty('is_error')
  expect(second?.tools).toEqual(first?.tools)
  expect(second?.tools?.map(({ name }) => name)).toEqual(second?.tools?.map(({ name }) => name).toSorted())
  const marked = [
    second?.tools?.at(-1),
    second?.system.at(-1),
    blocksOf(second?.messages[0])[0],
    blocksOf(results)[1],
  ]
  expect(marked.map((block) => JSON.stringify(block?.cache_control))).toEqual(
    Array(4).fill('{"type":"ephemeral"}'),
  )
})

const write = { type: 'tool_use', id: 'x\0', name: 'notes__write_note', json: '{"text":"odd"}' }
const doubled: OddReply = [
  { type: 'thinking', thinking: 'Hm', signature: '' },
  { type: 'text', text: ' \u001f' },
  { type: 'future_block', part: 'x' },
  write,
  { ...write, json: '{"text":"odd \\ud800"}' },
]
const faulty: OddReply = [
  { ...write, id: 'x', json: '["odd"]' },
  { ...write, id: 'x', name: 'notes__write_note\0' },
]

test.each([
  ['ids', 2, [{ status: 'ok' }, { status: 'ok' }]],
  ['calls', 0, [{ status: 'error' }, { status: 'error' }]],
])('what the API would refuse is mended or answered, odd:%s', async (name, writes, results) => {
  const before = world.notes.calls('write_note').length
  const { turn, frames, result } = await run(`Write odd:${name}`)
  expect(result).toMatchObject({ iterations: 2, tool_calls: 2, stop_reason: 'end_turn' })
  expect(world.notes.calls('write_note')).toHaveLength(before + writes)
  expect(frames.filter(({ type }) => type === 'tool_result')).toMatchObject(results)
  const ids = frames.flatMap((frame) => (frame.type === 'tool_call' ? [frame.call_id] : []))
  expect(new Set(ids).size).toBe(2)
  const [request] = world.readRequests(1)
  expect(blocksOf(request?.messages.at(-1)).map(({ tool_use_id }) => tool_use_id)).toEqual(ids)
  await expect.poll(() => world.readSettlement(turn)).toBeDefined()
  const settled = (await world.readSettlement(turn))?.activities.flatMap(({ activity_data }) =>
    'call_id' in activity_data ? [activity_data.call_id] : [],
  )
  expect(new Set(settled)).toEqual(new Set(ids))
  expect(settled).toHaveLength(4)
})

test('redacted thinking is sent back unchanged', async () => {
  const { result } = await run('Think [[sim thinking=6 redacted tool=notes__read_note]]')
  expect(result.iterations).toBe(2)
})

test('records each call below the request that led to it, with its status, time and rule', async () => {
  const { turn } = await run('Record [[sim tool=notes__fail tool=notes__read_note]]')
  const events = await world.readEvents(turn)
  const [thinking, again] = events.filter(({ event_type }) => event_type === 'llm_thinking')
  const tools = events.filter(
    ({ event_type }) => event_type.startsWith('tool_') && event_type !== 'tool_filter',
  )
  expect(tools.map(({ parent_id }) => parent_id)).toEqual(Array(4).fill(thinking?.node_id))
  expect(again).toMatchObject({ parent_id: thinking?.node_id, data: { call: 2 } })
  const failed = tools.find(({ outcome }) => outcome === 'failed')
  expect(failed).toMatchObject({
    event_type: 'tool_result',
    data: { tool: 'fail', status: 'error', rule: 'all' },
  })
  expect(failed?.data['duration_ms']).toEqual(expect.any(Number))
})

test('the settlement has all activities of a turn in order, also when its end is published again', async () => {
  const { turn, result } = await run('Again [[sim tool=notes__write_note:{"text":"bread"}]]')
  await expect.poll(() => world.readSettlement(turn)).toBeDefined()
  const settlement = await world.readSettlement(turn)
  expect(settlement?.activities.map(({ activity_type }) => activity_type)).toEqual([
    'user_message',
    'mcp_tool_call',
    'mcp_tool_response',
    'assistant_response',
  ])
  expect(settlement?.activities).toMatchObject([
    { activity_data: { message: turn.text } },
    { activity_data: { mcp: 'notes', tool: 'write_note', input: { text: 'bread' } } },
    { activity_data: { status: 'ok', output: expect.stringContaining('wrote bread') } },
    { activity_data: { message: result.answer } },
  ])
  const options = { url: world.database.url, poolMax: 1, applicationName: 'test', statementTimeoutMs: 5000 }
  await using database = openDatabase({ ...options, onPoolError: () => {} })
  const row = await loadTurn(turn.session_id, database)
  if (!row || !isEnded(row)) throw new Error('the turn has not ended')
  const published: string[] = []
  const bus = {
    publish: () => {},
    publishDurably: async (_: string, body: string) => void published.push(body),
  }
  await sendOutcome(row, { bus: bus as never, recentOutcomes: { add: () => {} } })
  expect(JSON.parse(published[0] ?? '')).toEqual(settlement)
})

test('a tool that the role may not use is refused by its rule and never reaches the server', async () => {
  await world.restrict({ mode: 'deny', tools: ['write_*'] })
  const asked = world.notes.calls('write_note').length
  const { turn, frames, result } = await run('Write [[sim tool=notes__write_note:{"text":"x"}]]')
  expect(world.notes.calls('write_note')).toHaveLength(asked)
  expect(frames.find(({ type }) => type === 'tool_result')).toMatchObject({ status: 'refused' })
  expect(result).toMatchObject({ tool_calls: 1, tools_used: [] })
  const refused = (await world.readEvents(turn)).find(({ event_type }) => event_type === 'tool_result')
  expect(refused).toMatchObject({ outcome: 'refused', data: { tool: 'write_note', rule: 'deny:write_*' } })
  const [, second] = world.readRequests(2)
  expect(second?.tools?.map(({ name }) => name)).not.toContain('notes__write_note')
  expect(blocksOf(second?.messages.at(-1))).toMatchObject([{ type: 'tool_result', is_error: true }])
})

test('an unknown tool is refused', async () => {
  const { turn } = await run('Invent [[sim tool=invented]]')
  const refused = (await world.readEvents(turn)).find(({ event_type }) => event_type === 'tool_result')
  expect(refused).toMatchObject({ outcome: 'refused', data: { tool: 'invented', rule: 'not_offered' } })
})

test('calls run side by side, and a tool that the role loses in the middle of a turn is refused from then on', async () => {
  const asked = { write: world.notes.calls('write_note').length, wait: world.notes.calls('wait').length }
  const turn = world.makeTurn('Twice [[sim tool=notes__wait tool=notes__write_note:{"text":"x"} rounds=2]]')
  const { ended } = await world.send(turn)
  await expect.poll(() => world.notes.calls('write_note').length, { timeout: 10_000 }).toBe(asked.write + 1)
  await expect.poll(() => world.notes.calls('wait').length, { timeout: 10_000 }).toBe(asked.wait + 1)
  await world.restrict({ mode: 'deny', tools: ['write_note'] })
  world.notes.release()
  await expect.poll(() => world.notes.calls('wait').length, { timeout: 10_000 }).toBe(asked.wait + 2)
  world.notes.release()
  expect(await ended).toMatchObject({ type: 'done', result: { tool_calls: 4, iterations: 3 } })
  expect(world.notes.calls('write_note')).toHaveLength(asked.write + 1)
  const results = (await world.readEvents(turn)).filter(({ event_type }) => event_type === 'tool_result')
  expect(results.filter(({ outcome }) => outcome === 'refused')).toMatchObject([
    { data: { rule: 'deny:write_note' } },
  ])
})

test('after so many rounds the model answers without tools, with a warning', async () => {
  const { frames, result } = await run('Forever [[sim tool=notes__read_note rounds=50]]')
  expect(result).toMatchObject({ iterations: 4, tool_calls: 3, warning: expect.stringContaining('tools') })
  expect(frames.at(-2)).toMatchObject({ type: 'warning', message: result.warning })
  const [, , third, last] = world.readRequests(4)
  expect(third).not.toHaveProperty('tool_choice')
  expect(last).toMatchObject({ tool_choice: { type: 'none' }, tools: third?.tools })
})

test('calls beyond what one reply may make are refused', async () => {
  const { turn } = await run('Many [[sim tool=notes__read_note tool=notes__read_note tool=notes__read_note]]')
  const results = (await world.readEvents(turn)).filter(({ event_type }) => event_type === 'tool_result')
  expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['passed', 'passed', 'refused'])
})

test('results that the model finds too long all the same are shortened until they fit', async () => {
  const shout = 'tool=notes__shout:{"bytes":65536}'
  const { turn, result } = await run(`Shout [[sim ${shout} ${shout}]]`)
  expect(result).toMatchObject({ tool_calls: 2, iterations: 3, stop_reason: 'end_turn' })
  const asked = (await world.readEvents(turn)).filter(({ event_type }) => event_type === 'llm_thinking')
  expect(asked.map(({ data }) => [data['after'], 'result_tokens' in data])).toEqual([
    [undefined, false],
    [undefined, false],
    ['context_too_long', true],
  ])
})

test('a turn that is cancelled inside a tool call ends with its cost; the server is notified', async () => {
  const before = world.notes.calls('wait').length
  const turn = world.makeTurn('Wait [[sim tool=notes__wait]]')
  const { frames, ended } = await world.send(turn)
  await expect.poll(() => world.notes.calls('wait').length, { timeout: 10_000 }).toBe(before + 1)
  const request = { session_id: turn.session_id, user_id: userId, by: 'user', accepted: false } as const
  await world.edge.request(requests.cancel, request, { timeoutMs: 5000 })
  const end = await ended
  if (end.type !== 'cancelled') throw new Error(`ended with ${end.type}`)
  expect(frames.find(({ type }) => type === 'tool_result')).toMatchObject({ status: 'cancelled' })
  expect(end.result).toMatchObject({ stop_reason: 'cancelled', answer: textOf(frames), iterations: 1 })
  expect(end.result).not.toHaveProperty('estimated')
  expect(end.result.cost_usd).toBeCloseTo(priceLast(1), 8)
  await world.notes.heard(({ method }) => method === 'notifications/cancelled')
  world.notes.release()
})

test('the system prompt is that of the role, and the shared part of its turns is read from the cache', async () => {
  const save = (key: string, value: unknown) =>
    world.database.query('insert into omni2.omni2_config (config_key, config_value) values ($1, $2)', [
      key,
      JSON.stringify(value),
    ])
  await save('system_prompt.default', 'For everybody.')
  const { turn } = await run('One')
  expect(world.readRequests(1)[0]?.system[0]?.text).toBe('For everybody.')
  await save('system_prompt.role.developer', { text: 'Long rules of developers. '.repeat(300) })
  await run('Two')
  const { result } = await run('Three')
  expect(world.readRequests(1)[0]?.system[0]?.text).toMatch(/^Long rules/)
  expect(result.tokens_cached).toBeGreaterThan(1024)
  const thinking = (await world.readEvents(turn)).find(({ event_type }) => event_type === 'llm_thinking')
  expect(thinking?.data).toMatchObject({ system_prompt: 'default' })
  await world.database.query(`delete from omni2.omni2_config where config_key like 'system_prompt.%'`)
})
