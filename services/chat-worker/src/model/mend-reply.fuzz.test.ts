import type { Anthropic } from '@anthropic-ai/sdk'
import { parseMessagesRequest } from '@omni2/model-simulator'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addRound, buildRequest, type Prompt } from './build-request.ts'
import { AccumulatedContent } from './accumulate-content.ts'
import { mendReply } from './mend-reply.ts'
import { makeEmptyReply } from './stream-reply.ts'

const oddText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\0', '\ud800', '\u001f', 'so', 'so '),
)
const oddName = fc.oneof(
  oddText,
  fc.constantFrom('x', 'x_2', 'call_1', 'a__b', 'a.b', null, 5, 'x'.repeat(200)),
)
const oddJson = fc.oneof(
  fc.json(),
  fc.constantFrom('', '{', 'null', '[]', '{"a":1e400}', '{"a":9007199254740993}', '{"\\ud800":"\\u0000"}'),
)

const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text: oddText }),
  fc.record({
    type: fc.constant('thinking'),
    thinking: oddText,
    signature: fc.constantFrom('', 'sig', undefined),
  }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.constantFrom('', 'sealed') }),
  fc.record({ type: fc.constant('tool_use'), id: oddName, name: oddName, json: oddJson }),
  fc.record({ type: fc.constantFrom('server_tool_use', 'web_search_tool_result', 'future'), id: oddName }),
)

const opening: Prompt = {
  system: 'Be brief.',
  systemSource: 'config',
  tools: [],
  history: [],
  turnsLeftOut: 0,
  text: 'Hello',
  rounds: [],
  resultTokens: [],
  mayUseTools: true,
}

function readReply(blocks: readonly object[], { rounds }: Prompt) {
  const gathered = new AccumulatedContent()
  for (const [index, { json, ...content_block }] of (blocks as readonly { json?: string }[]).entries()) {
    const delta = { type: 'input_json_delta', partial_json: json }
    gathered.add({ type: 'content_block_start', index, content_block } as never)
    if (json !== undefined) gathered.add({ type: 'content_block_delta', index, delta } as never)
  }
  const [content, toolRequests] = [gathered.blocks(), gathered.toolRequests()]
  return mendReply({ ...makeEmptyReply('m'), stopReason: 'tool_use', content, toolRequests }, rounds)
}

/** The prompt after a reply whose calls are answered, or that is continued. */
function goOn(prompt: Prompt, blocks: readonly object[], isAnswered: boolean): Prompt {
  const { content, toolRequests } = readReply(blocks, prompt)
  const results = toolRequests.map(
    ({ callId }) => ({ type: 'tool_result', tool_use_id: callId, content: 'so' }) as const,
  )
  const reply: Anthropic.MessageParam = { role: 'assistant', content }
  return isAnswered && results.length > 0
    ? addRound(prompt, [reply, { role: 'user', content: results }])
    : addRound(prompt, [reply])
}

test('whatever replies come, the API takes them back', () => {
  const replies = fc.array(fc.tuple(fc.array(block, { maxLength: 6 }), fc.boolean()), { maxLength: 4 })
  fc.assert(
    fc.property(replies, (all) => {
      const prompt = all.reduce((before, [blocks, isAnswered]) => goOn(before, blocks, isAnswered), opening)
      const body = JSON.stringify(buildRequest(prompt, { model: 'm', maxTokens: 10, userId: 1 }))
      expect(body).not.toMatch(/\\ud[89a-f]/)
      expect(() => parseMessagesRequest(JSON.parse(body))).not.toThrow()
    }),
    { numRuns: 500 },
  )
})
