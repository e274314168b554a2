import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { TurnStopError } from '../signals/turn-stop.ts'
import { openClient } from './open-client.ts'
import { streamReply, type StreamDeps } from './stream-reply.ts'

const request = {
  model: 'model',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'm'.repeat(4000) }],
} satisfies Anthropic.MessageCreateParamsNonStreaming

/** Streams replies of a server that answers with these events, encoded as the API does, or with lines as they are. */
async function stream(events: readonly (object | string)[], deps: Partial<StreamDeps> & Options = {}) {
  let connections = 0
  const answers: ServerResponse[] = []
  const server = createServer((_, response) => {
    answers.push(response)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of events) response.write(typeof event === 'string' ? event : encode(event))
    if (deps.leaveOpen !== true) response.end()
    else response.once('close', () => response.end())
  })
  server.on('connection', () => (connections += 1)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = openClient({ ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` })
  const pieces: string[] = []
  const call = () =>
    streamReply(request, {
      client,
      circuit: { run: (make) => make() },
      signal: new AbortController().signal,
      stallMs: 60_000,
      onWork: () => {},
      ...deps,
      onText: (text) => {
        pieces.push(text)
        deps.onText?.(text)
      },
    })
  try {
    const reply = await call()
    for (let more = 1; more < (deps.calls ?? 1); more += 1) await call()
    if (deps.leaveOpen === true)
      await Promise.all(answers.filter(({ closed }) => !closed).map((answer) => once(answer, 'close')))
    expect(pieces.join('')).toBe(
      Array(deps.calls ?? 1)
        .fill(reply.text)
        .join(''),
    )
    return { ...reply, connections }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

interface Options {
  /** The server does not end the body. */
  leaveOpen?: boolean
  calls?: number
}

const encode = (event: object): string =>
  `event: ${'type' in event ? String(event.type) : 'message'}\ndata: ${JSON.stringify(event)}\n\n`

const begin = (usage: unknown = { input_tokens: 25, output_tokens: 1 }) => ({
  type: 'message_start',
  message: { id: 'msg_1', model: 'm', usage },
})
const open = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
const say = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
const finish = (usage: unknown = { output_tokens: 12 }, stop_reason: string | null = 'end_turn') => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage,
})
const stop = { type: 'message_stop' }
const ping = { type: 'ping' }
const failure = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }

const hello = [begin(), open, say('Hello')]
const whole = { text: 'Hello', stopReason: 'end_turn', cut: undefined }

test.each<[string, (object | string)[]]>([
  ['another event', ['event: done\ndata: [DONE]\n\n']],
  ['an error', [failure]],
  ['another message', [...hello, finish(), stop]],
  ['no event', ['<html>']],
])(
  'message_stop ends a reply - %s behind it changes nothing, nor does a body left open',
  async (_name, rest) => {
    const reply = await stream([...hello, finish(), stop, ...rest], { leaveOpen: true })
    expect(reply).toMatchObject({ ...whole, usage: { input: 25, output: 12, estimated: false } })
  },
)

test('the end of a body is waited for, so that the next call has its connection', async () => {
  expect(await stream([...hello, finish(), stop], { calls: 6 })).toMatchObject({
    ...whole,
    connections: expect.toSatisfy((connections: number) => connections < 6),
  })
})

test.each<[string, (object | string)[]]>([
  ['the end of the body', []],
  ['an error', [failure]],
  ['a line that is cut', ['event: content_block_delta\ndata: {"ty']],
])(
  'a reply whose model has said why it stopped is whole - %s in place of message_stop',
  async (_name, rest) => {
    expect(await stream([...hello, finish(), ...rest])).toMatchObject(whole)
  },
)

test('a reply whose model has said why it stopped is whole - silence in place of message_stop', async () => {
  expect(await stream([...hello, finish()], { leaveOpen: true, stallMs: 200 })).toMatchObject(whole)
})

test.each<[string, (object | string)[], RegExp]>([
  ['the end of the body', [], /without message_stop/],
  ['an error', [failure, stop], /Overloaded/],
  ['an error that is only named so', ['event: error\ndata: overloaded\n\n', stop], /error/],
  [
    'a piece that is no JSON',
    ['event: content_block_delta\ndata: {"ty\n\n', finish(), stop],
    /cannot be read/,
  ],
  ['an event without an end', [`data: ${'x'.repeat(9_000_000)}`], /cannot be read/],
])('a reply is cut by %s, with what was said and its usage estimated', async (_name, rest, message) => {
  const { cut, text, stopReason, usage } = await stream([...hello, ...rest])
  expect(String(cut)).toMatch(message)
  expect({ text, stopReason, usage }).toMatchObject({
    text: 'Hello',
    stopReason: null,
    usage: { input: 25, output: 2, estimated: true },
  })
})

test('an abort cuts a reply also after everything has been collected that is not needed to read it', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const stopping = new AbortController()
  const collectAndStop = async () => {
    // What watches for garbage hears of it in a later turn of the event loop.
    for (let times = 0; times < 5; times += 1) {
      collect()
      await sleep(5)
    }
    stopping.abort(new TurnStopError('cancelled'))
  }
  const reply = await stream([begin(), open, say('Hello')], {
    leaveOpen: true,
    signal: stopping.signal,
    onText: () => void collectAndStop(),
  })
  expect(reply).toMatchObject({ text: 'Hello', cut: expect.any(TurnStopError) })
})

test('an abort cuts a reply, for its reason; half a character that waits is said as none', async () => {
  const stopping = new AbortController()
  const onText = () => stopping.abort(new TurnStopError('cancelled'))
  const events = [begin(), open, say('A\ud83d')]
  const reply = await stream(events, { leaveOpen: true, signal: stopping.signal, onText })
  expect(reply).toMatchObject({
    text: 'A\ufffd',
    cut: expect.any(TurnStopError),
    content: [{ text: 'A\ufffd' }],
  })
})

test.each<[string, (object | string)[]]>([
  ['split where a character is', ['A\ud83d', '\ude00B'].map(say)],
  ['with a second message_start', [say('A'), begin(null), say('😀B')]],
  [
    'with what no client knows',
    [say('A😀'), { type: 'future' }, 'event: future\ndata: {\n\n', ping, say('B')],
  ],
  [
    'with lines that end otherwise',
    [encode(say('A😀')).replaceAll('\n', '\r\n'), encode(say('B')).replaceAll('\n', '\r')],
  ],
  ['with comments', [': keep-alive\n\n', say('A😀B'), ':\n']],
  ['without names', [`data:${JSON.stringify(say('A😀B'))}\n\n`]],
  ['under other names', [`event: message\ndata: ${JSON.stringify(say('A😀B'))}\n\n`]],
  [
    'over several lines',
    [`data: {"type":"content_block_delta","index":0,\ndata:"delta":{"type":"text_delta","text":"A😀B"}}\n\n`],
  ],
  ['without types', [`event: content_block_delta\ndata: {"delta":{"type":"text_delta","text":"A😀B"}}\n\n`]],
  [
    'with pieces of nothing',
    [
      say('A😀'),
      { type: 'content_block_delta', index: 0, delta: null },
      'data:\n\n',
      'data: null\n\n',
      say('B'),
    ],
  ],
])('a reply is read exactly %s', async (_name, events) => {
  const reply = await stream(['\ufeff', begin(), open, ...events, finish(), stop])
  expect(reply).toMatchObject({
    text: 'A😀B',
    id: 'msg_1',
    cut: undefined,
    content: [{ type: 'text', text: 'A😀B' }],
    usage: { input: 25, output: 12, estimated: false },
  })
})

test('a last event without its blank line counts', async () => {
  expect(
    await stream([...hello, 'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}']),
  ).toMatchObject(whole)
})

const estimatedInput = expect.toSatisfy((tokens: number) => tokens > 900)
const counted = { input_tokens: 40, cache_read_input_tokens: 7, output_tokens: 12 }

test.each<[string, object[], object]>([
  ['as counted last', [begin(), finish(counted)], { input: 40, cacheRead: 7, output: 12, estimated: false }],
  [
    'each field as said last',
    [begin(counted), finish({ output_tokens: 12 })],
    { input: 40, cacheRead: 7, output: 12, estimated: false },
  ],
  [
    'over several deltas',
    [begin(), finish({ output_tokens: 3 }, null), finish(counted), finish(null)],
    { input: 40, cacheRead: 7, output: 12, estimated: false },
  ],
  [
    'at the start only',
    [begin(counted), finish(null)],
    { input: 40, cacheRead: 7, output: 2, estimated: true },
  ],
  ['at the end only', [begin(null), finish(counted)], { input: 40, output: 12, estimated: false }],
  [
    'nowhere',
    [begin(null), { type: 'message_delta', delta: { stop_reason: 'end_turn' } }],
    { input: estimatedInput, output: 2, estimated: true },
  ],
  [
    'as no number',
    [begin({ input_tokens: -4 }), finish({ output_tokens: '12' })],
    { input: estimatedInput, output: 2, estimated: true },
  ],
  [
    'its cache alone',
    [begin({ cache_read_input_tokens: 500 }), finish()],
    { input: expect.toSatisfy((tokens: number) => tokens > 400), cacheRead: 500, estimated: true },
  ],
  [
    'without message_start',
    [finish({ output_tokens: 12 })],
    { input: estimatedInput, output: 12, estimated: true },
  ],
])('usage is what the API counted - %s', async (_name, [first, ...rest], usage) => {
  const reply = await stream([first ?? {}, open, say('Hello'), ...rest, stop])
  expect(reply.cut).toBeUndefined()
  expect(reply.usage).toMatchObject(usage)
})
