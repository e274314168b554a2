import Anthropic from '@anthropic-ai/sdk'
import type { ContentBlockParam, MessageParam } from '@anthropic-ai/sdk/resources/messages'
import { afterAll, expect, test } from 'vitest'
import { ask, openClient } from './open-client.ts'

const { simulator, client } = await openClient({ contextTokens: 400 })
afterAll(() => simulator[Symbol.asyncDispose]())

const tools = [{ name: 'echo', input_schema: { type: 'object' as const } }]

const answer = (body: Parameters<typeof client.messages.stream>[0]) =>
  client.messages.stream(body).finalMessage()

/** A turn whose model called a tool, as it is given back with the tool's result. */
async function callTool(text: string, change: (block: ContentBlockParam) => ContentBlockParam[]) {
  const user: MessageParam = { role: 'user', content: text }
  const called = await answer(ask(text, { tools }))
  const call = called.content.find((block) => block.type === 'tool_use')
  const result = { type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: 'done' }
  const content = called.content.flatMap((block) => change(block as ContentBlockParam))
  const messages: MessageParam[] = [user, { role: 'assistant', content }, { role: 'user', content: [result] }]
  return answer(ask('', { tools, messages }))
}

const keep = (block: ContentBlockParam) => [block]

test.each(['thinking=4', 'thinking=4 redacted'])('%s may be given back as it came', async (directive) => {
  const message = await callTool(`Go [[sim ${directive} tool=echo]]`, keep)
  expect(message.stop_reason).toBe('end_turn')
  expect(message.content[0]?.type).toBe(directive.includes('redacted') ? 'redacted_thinking' : 'thinking')
})

test.each<[string, string, (block: ContentBlockParam) => ContentBlockParam[]]>([
  ['thinking', 'changed', (block) => [block.type === 'thinking' ? { ...block, thinking: 'Else.' } : block]],
  ['thinking', 'left out', (block) => (block.type === 'thinking' ? [] : [block])],
  [
    'thinking redacted',
    'changed',
    (block) => [block.type === 'redacted_thinking' ? { ...block, data: 'x' } : block],
  ],
])('%s that is %s is refused', async (clauses, _, change) => {
  const directive = clauses.replace('thinking', 'thinking=4')
  await expect(callTool(`Go [[sim ${directive} tool=echo]]`, change)).rejects.toBeInstanceOf(
    Anthropic.BadRequestError,
  )
})

test('a reply that paused goes on where it did', async () => {
  const text = 'Go [[sim tokens=12 pause@5]]'
  const begun = await answer(ask(text))
  const messages: MessageParam[] = [
    { role: 'user', content: text },
    { role: 'assistant', content: begun.content as ContentBlockParam[] },
  ]
  const rest = await answer(ask('', { messages }))
  expect([begun.stop_reason, rest.stop_reason]).toEqual(['pause_turn', 'end_turn'])
  expect([begun.usage.output_tokens, rest.usage.output_tokens]).toEqual([5, 7])
  expect(textOf(begun) + textOf(rest)).toMatch(/^You said: "Go"\. \S/)
})

test('a conversation that ends with a reply is refused where nothing paused', async () => {
  const messages: MessageParam[] = [
    { role: 'user', content: 'Go' },
    { role: 'assistant', content: 'Gone' },
  ]
  await expect(answer(ask('', { messages }))).rejects.toThrow('must end with a user message')
})

test('a stop reason can be asked for', async () => {
  expect((await answer(ask('No [[sim stop=refusal]]'))).stop_reason).toBe('refusal')
})

test('tools that must not be used are not used', async () => {
  const message = await answer(ask('Go [[sim tool=echo]]', { tools, tool_choice: { type: 'none' } }))
  expect(message.stop_reason).toBe('end_turn')
})

test('a reply ends where the window does', async () => {
  const message = await answer(ask(`${'long '.repeat(290)}[[sim tokens=100]]`))
  expect(message.stop_reason).toBe('model_context_window_exceeded')
  expect(message.usage.input_tokens + message.usage.output_tokens).toBe(400)
})

test('a prompt that is too long is refused, and counted', async () => {
  const { model, messages, ...rest } = ask('long '.repeat(400))
  await expect(answer({ model, messages, ...rest })).rejects.toThrow(
    /prompt is too long: \d+ tokens > 400 maximum/,
  )
  expect((await client.messages.countTokens({ model, messages })).input_tokens).toBeGreaterThan(400)
})

const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('')
