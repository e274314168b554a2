import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { priceUsage } from '../src/prices.ts'
import { usualPrices } from './model-prices.ts'
import { openWorkerWorld, type WorkerWorld } from './worker-world.ts'

type Events = readonly object[]

/** What the model answers to each turn, by its text: the events of its replies in order. */
const replies = new Map<string, Events[]>()
const requests = new Map<string, { messages: { role: string; content: unknown }[] }[]>()

let world: WorkerWorld
let model: Server

beforeAll(async () => {
  model = createServer((incoming, response) => void answer(incoming, response)).listen(0, '127.0.0.1')
  await once(model, 'listening')
  const { port } = model.address() as AddressInfo
  world = await openWorkerWorld()
  await world.startWorker({ ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` })
})
afterAll(async () => {
  model.closeAllConnections()
  model.close()
  await world[Symbol.asyncDispose]()
})

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse(await readText(incoming))
  if (incoming.url?.startsWith('/v1/messages/count_tokens')) return void response.end('{"input_tokens":9}')
  const name = [...replies.keys()].find((text) => JSON.stringify(body.messages).includes(`"${text}"`)) ?? ''
  requests.set(name, [...(requests.get(name) ?? []), body])
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of replies.get(name)?.shift() ?? []) response.write(`data: ${JSON.stringify(event)}\n\n`)
  // The body stays open: the worker must not wait for its end.
  response.once('close', () => response.end())
}

const begin = (usage: object) => ({
  type: 'message_start',
  message: { id: 'msg', model: 'claude-sonnet-5-5', usage },
})
const block = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
})
const say = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const end = (stop_reason: string, usage: object | null = { output_tokens: 5 }) => [
  { type: 'message_delta', delta: { stop_reason }, usage },
  { type: 'message_stop' },
]
const saying = (text: string, stop_reason = 'end_turn') => [
  begin({ input_tokens: 20 }),
  block(0, { type: 'text', text: '' }),
  say(text),
  ...end(stop_reason),
]

async function run(text: string, ...answers: Events[]) {
  replies.set(text, answers)
  const turn = world.makeTurn(text)
  const { frames, ended } = await world.send(turn)
  const ending = await ended
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [
    turn.session_id,
  ])
  const shown = frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')
  return { end: ending, row, shown, frames, asked: requests.get(text) ?? [] }
}

test.concurrent('a character and a count that come in parts are whole to the client, in the row and in the bill', async () => {
  const counted = { input_tokens: 40, cache_read_input_tokens: 7, output_tokens: 12 }
  const pieces = ['A\ud83d', '\ude00B'].map(say)
  const {
    end: done,
    row,
    shown,
  } = await run('parts', [
    begin({ input_tokens: 25, output_tokens: 1 }),
    block(0, { type: 'text', text: '' }),
    ...pieces,
    ...end('end_turn', counted),
  ])
  const cost_usd = priceUsage(
    { input: 40, cacheRead: 7, cacheWrite: 0, output: 12, estimated: false },
    usualPrices,
  )
  const result = { answer: 'A😀B', tokens_input: 47, tokens_cached: 7, tokens_output: 12, cost_usd }
  expect(done).toMatchObject({ type: 'done', result })
  expect(shown).toBe('A😀B')
  expect(row).toMatchObject({
    answer: 'A😀B',
    tokens_input: 47,
    tokens_cache_read: 7,
    tokens_output: 12,
    estimated: false,
  })
  expect(Number(row?.['cost_usd'])).toBe(cost_usd)
})

test.concurrent('a reply without counts is complete, and billed by an estimate that is marked', async () => {
  const { end: done, row } = await run('uncounted', [
    { type: 'message_start', message: { id: 'msg', model: 'claude-sonnet-5-5', usage: null } },
    block(0, { type: 'text', text: 'Hello' }),
    ...end('end_turn', null),
  ])
  expect(done).toMatchObject({ type: 'done', result: { answer: 'Hello', estimated: true } })
  expect(row).toMatchObject({ estimated: true })
  expect(Number(row?.['cost_usd'])).toBeGreaterThan(0)
})

test.concurrent('a call gets a result, whatever the stop reason is', async () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'no__tool', input: {} }
  const {
    end: done,
    frames,
    asked,
  } = await run('called', [begin({ input_tokens: 20 }), block(0, call), ...end('end_turn')], saying('Done.'))
  expect(done).toMatchObject({ type: 'done', result: { answer: 'Done.', iterations: 2, tool_calls: 1 } })
  expect(frames.filter(({ type }) => type === 'tool_result')).toHaveLength(1)
  expect(asked[1]?.messages.at(-1)).toMatchObject({ content: [{ tool_use_id: 'toolu_1' }] })
})

test.concurrent('a reply that stops for a call without one is asked to go on, once', async () => {
  const { end: done, asked } = await run(
    'uncalled',
    saying('Let me look.', 'tool_use'),
    saying('So.', 'tool_use'),
  )
  expect(done).toMatchObject({ type: 'done', result: { answer: 'Let me look.\n\nSo.', iterations: 2 } })
  expect(asked).toHaveLength(2)
  expect(asked[1]?.messages.slice(-2)).toMatchObject([
    { role: 'assistant', content: [{ text: 'Let me look.' }] },
    { role: 'user', content: [{ text: 'Go on.' }] },
  ])
})
