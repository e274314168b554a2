import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { predictReply } from './predict-reply.ts'
import { seedRandom } from './seed-random.ts'
import { splitJson, splitPieces } from './split-pieces.ts'

function ask(content: unknown, more: Record<string, unknown> = {}) {
  return { model: 'm', max_tokens: 1000, messages: [{ role: 'user', content }], ...more }
}

const echoTool = { tools: [{ name: 'echo', input_schema: { type: 'object' } }] }

describe('the text', () => {
  test('is the same for the same conversation, another for another', () => {
    expect(predictReply(ask('Hello'))).toEqual(predictReply(ask('Hello')))
    expect(predictReply(ask('Hello')).text).not.toBe(predictReply(ask('Hello!')).text)
  })

  test('depends neither on the model, the tools and the limits nor on cache breakpoints', () => {
    const block = { type: 'text', text: 'Hello', cache_control: { type: 'ephemeral' } }
    const other = ask([block], { model: 'other', max_tokens: 5000, system: 'Be kind.', ...echoTool })
    expect(predictReply(other)).toEqual(predictReply(ask('Hello')))
  })

  test('begins with what the user said, without the directive, and has about as many tokens as configured', () => {
    const { text, outputTokens } = predictReply(ask('  Grüße aus\n東京 [[sim pace=0]]'))
    expect(text).toMatch(/^You said: "Grüße aus 東京"\. /)
    expect(outputTokens).toBeGreaterThanOrEqual(30)
    expect(outputTokens).toBeLessThanOrEqual(75)
  })

  test('quotes a long text by its start and half a surrogate pair as what UTF-8 makes of it', () => {
    expect(predictReply(ask('😀'.repeat(100))).text).toContain(`"${'😀'.repeat(60)}…"`)
    expect(predictReply(ask('a\ud83d')).text).toContain('"a\ufffd"')
  })

  test('says how many earlier messages it read', () => {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'three' },
    ]
    const { text } = predictReply({ model: 'm', max_tokens: 100, messages })
    expect(text).toMatch(/^You said: "three"\. I have read 2 earlier messages of this conversation\./)
  })

  test.each([1, 2, 7, 300, 20_000])('has exactly tokens=%i tokens', (tokens) => {
    const reply = predictReply(ask(`Hi [[sim tokens=${tokens}]]`, { max_tokens: 20_000 }))
    expect([reply.outputTokens, reply.stopReason]).toEqual([tokens, 'end_turn'])
  })

  test('leaves ASCII now and then', () => {
    expect(predictReply(ask('Hi [[sim tokens=200]]')).text).toMatch(/\p{Script=Han}/u)
  })
})

describe('max_tokens', () => {
  test('stops the reply after that many tokens', () => {
    const whole = predictReply(ask('Hello', { max_tokens: 1000 }))
    const cut = predictReply(ask('Hello', { max_tokens: 9 }))
    expect([cut.outputTokens, cut.stopReason]).toEqual([9, 'max_tokens'])
    expect(whole.text.startsWith(cut.text)).toBe(true)
  })

  test('counts thinking too, and a reply that just fits is not cut', () => {
    const directive = 'Hi [[sim thinking=8 tokens=10]]'
    expect(predictReply(ask(directive, { max_tokens: 18 })).stopReason).toBe('end_turn')
    const cut = predictReply(ask(directive, { max_tokens: 6 }))
    expect([cut.text, cut.outputTokens, cut.stopReason]).toEqual(['', 6, 'max_tokens'])
  })
})

describe('tools', () => {
  const directive = 'Go [[sim tool=echo:{"a":"é😀"} tool=other]]'

  test('are called when any are offered, also one that is not', () => {
    const { toolCalls, stopReason } = predictReply(ask(directive, echoTool))
    expect(toolCalls.map(({ name, input }) => [name, input])).toEqual([
      ['echo', '{"a":"é😀"}'],
      ['other', '{}'],
    ])
    expect(new Set(toolCalls.map((call) => call.id)).size).toBe(2)
    expect(stopReason).toBe('tool_use')
  })

  test('are not called when none are offered', () => {
    const reply = predictReply(ask(directive))
    expect([reply.toolCalls, reply.stopReason]).toEqual([[], 'end_turn'])
    expect(reply.text).toContain('I was asked to use echo and other, but I was offered no tools.')
  })

  test('are answered: the reply to their results quotes them', () => {
    const reply = predictReply(answerTools(directive, 1))
    expect(reply.text).toMatch(/^The tool echo answered: "result 0 of round 1"\. The tool other answered: "/)
    expect([reply.toolCalls, reply.stopReason]).toEqual([[], 'end_turn'])
  })

  test('are called for as many rounds as asked', () => {
    const asked = 'Go [[sim rounds=3 tool=echo]]'
    const stops = [0, 1, 2, 3].map((rounds) => predictReply(answerTools(asked, rounds)).stopReason)
    expect(stops).toEqual(['tool_use', 'tool_use', 'tool_use', 'end_turn'])
  })

  function answerTools(text: string, rounds: number) {
    const messages: { role: string; content: unknown }[] = [{ role: 'user', content: text }]
    for (let round = 1; round <= rounds; round++) {
      const { toolCalls } = predictReply({ model: 'm', max_tokens: 1000, messages, ...echoTool })
      const calls = toolCalls.map(({ id, name, input }) => ({
        type: 'tool_use',
        id,
        name,
        input: JSON.parse(input) as object,
      }))
      const results = calls.map(({ id }, index) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: index === 0 ? `result 0 of round ${round}` : [{ type: 'text', text: 'in blocks' }],
      }))
      messages.push({ role: 'assistant', content: calls }, { role: 'user', content: results })
    }
    return { model: 'm', max_tokens: 1000, messages, ...echoTool }
  }
})

test('pieces and JSON fragments are together what was cut, and never half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer(), (text, seed) => {
      const pieces = [...splitPieces(text)]
      const fragments = splitJson(JSON.stringify(text), seedRandom(String(seed)))
      expect([pieces.join(''), fragments.join('')]).toEqual([text, JSON.stringify(text)])
      expect([...pieces, ...fragments].every((piece) => piece.isWellFormed() && piece !== '')).toBe(true)
    }),
  )
})
