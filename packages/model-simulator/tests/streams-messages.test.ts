import { afterAll, describe, expect, test } from 'vitest'
import { predictReply } from '../src/reply/predict-reply.ts'
import { ask, collectEvents, joinText, openClient } from './open-client.ts'

const { simulator, client } = await openClient()
afterAll(() => simulator[Symbol.asyncDispose]())

const tools = [{ name: 'echo', input_schema: { type: 'object' as const } }]

describe('a text reply', () => {
  test('has the documented events in their order', async () => {
    const { events } = await collectEvents(await client.messages.create(ask('Hello [[sim tokens=3]]')))
    expect(events.map((event) => event.type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(events[0]).toMatchObject({
      message: {
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-5-5',
        content: [],
        stop_reason: null,
      },
    })
    expect(events[1]).toMatchObject({ index: 0, content_block: { type: 'text', text: '' } })
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn', stop_sequence: null } })
  })

  test('is byte for byte what predictReply says, beyond ASCII too, and what the log says was sent', async () => {
    const body = ask('Grüße 👩‍🚀 東京 [[sim tokens=400]]')
    const { data: stream, request_id: id } = await client.messages.create(body).withResponse()
    const text = joinText((await collectEvents(stream)).events)
    expect(Buffer.from(text)).toEqual(Buffer.from(predictReply(body).text))
    expect(text).toMatch(
      /\p{Script=Han}.*\p{Extended_Pictographic}|\p{Extended_Pictographic}.*\p{Script=Han}/u,
    )
    expect(simulator.log.find(id ?? '')?.text).toBe(text)
  })

  test('is the same for the same request, also in its ids', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(async () => collectEvents(await client.messages.create(ask('Again')))),
    )
    expect(one).toEqual(two)
  })

  test('is accumulated by the SDK as the whole message it is without streaming', async () => {
    const body = ask('Hello [[sim thinking=5 tool=echo:{"a":[1,"é"]}]]', { tools })
    const streamed = await client.messages.stream(body).finalMessage()
    const { stream: _, ...whole } = body
    expect(JSON.parse(JSON.stringify(streamed))).toMatchObject({ ...(await client.messages.create(whole)) })
  })

  test('stops at max_tokens', async () => {
    const message = await client.messages.stream(ask('Hello', { max_tokens: 5 })).finalMessage()
    expect([message.stop_reason, message.usage.output_tokens]).toEqual(['max_tokens', 5])
  })
})

test('thinking comes first, ends with its signature and is counted', async () => {
  const { events } = await collectEvents(
    await client.messages.create(ask('Hello [[sim thinking=4 tokens=2]]')),
  )
  const deltas = events.flatMap((event) => (event.type === 'content_block_delta' ? [event.delta.type] : []))
  expect(deltas).toEqual([
    ...Array<string>(4).fill('thinking_delta'),
    'signature_delta',
    ...Array<string>(2).fill('text_delta'),
  ])
  expect(events[1]).toMatchObject({
    index: 0,
    content_block: { type: 'thinking', thinking: '', signature: '' },
  })
  expect(events.at(-2)).toMatchObject({
    usage: { output_tokens: 6, output_tokens_details: { thinking_tokens: 4 } },
  })
})

describe('a tool call', () => {
  const input = { path: '/tmp/é "quoted"\n', deep: { list: [1, 2.5, null], emoji: '👩‍🚀' } }
  const body = ask(`Go [[sim tool=echo:${JSON.stringify(input)}]]`, { tools })

  test('brings its input as pieces of JSON that cut it anywhere', async () => {
    const { events } = await collectEvents(await client.messages.create(body))
    const fragments = events.flatMap((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'input_json_delta'
        ? [event.delta.partial_json]
        : [],
    )
    expect(fragments[0]).toBe('')
    expect(fragments.length).toBeGreaterThan(10)
    expect(JSON.parse(fragments.join(''))).toEqual(input)
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } })
  })

  test('is answered with its result, and the reply quotes that', async () => {
    const called = await client.messages.stream(body).finalMessage()
    const call = called.content.find((block) => block.type === 'tool_use')
    expect(call).toMatchObject({ name: 'echo', input })
    const answered = await client.messages
      .stream({
        ...body,
        messages: [
          ...body.messages,
          { role: 'assistant', content: called.content },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'all is well' }],
          },
        ],
      })
      .finalMessage()
    expect(answered.stop_reason).toBe('end_turn')
    expect(answered.content).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(/^The tool echo answered: "all is well"\./) as string,
      }),
    ])
  })
})

test('pings and events of the future are on the wire, and a client that ignores them reads the rest', async () => {
  const body = ask('Hello [[sim tokens=6 ping=2 unknown@3]]')
  const { data: stream, request_id: id } = await client.messages.create(body).withResponse()
  const { events } = await collectEvents(stream)
  const sent = simulator.log.find(id ?? '')?.sent ?? ''
  expect(sent.match(/^event: ping\ndata: {"type":"ping"}$/gm)).toHaveLength(4)
  expect(sent).toContain('event: future_event\ndata: {"type":"future_event"}\n\n')
  expect(joinText(events)).toBe(predictReply(body).text)
})

describe('usage', () => {
  test('has a placeholder for the output at the start and the truth at the end', async () => {
    const { events } = await collectEvents(await client.messages.create(ask('Hello [[sim tokens=9]]')))
    expect(events[0]).toMatchObject({ message: { usage: { output_tokens: 1, cache_read_input_tokens: 0 } } })
    expect(events.at(-2)).toMatchObject({ usage: { output_tokens: 9 } })
  })

  test('counts a cached prefix as created once and as read afterwards', async () => {
    const rules = {
      type: 'text' as const,
      text: 'Long rules. '.repeat(400),
      cache_control: { type: 'ephemeral' as const },
    }
    const use = async (content: string) =>
      (await client.messages.stream(ask(content, { system: [rules] })).finalMessage()).usage
    const first = await use('one')
    const second = await use('two')
    expect(first.cache_creation_input_tokens).toBeGreaterThan(1024)
    expect(first.cache_creation?.ephemeral_5m_input_tokens).toBe(first.cache_creation_input_tokens)
    expect(first.cache_read_input_tokens).toBe(0)
    expect(second.cache_creation_input_tokens).toBe(0)
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens)
    expect(second.input_tokens).toBe(first.input_tokens)
  })

  test('is what count_tokens counts', async () => {
    const { model, messages, ...body } = ask('How much is this?')
    const { input_tokens: counted } = await client.messages.countTokens({ model, messages })
    const message = await client.messages.stream({ model, messages, ...body }).finalMessage()
    expect(message.usage.input_tokens).toBe(counted)
  })
})
