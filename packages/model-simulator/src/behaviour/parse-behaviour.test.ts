import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutClauses } from './cut-clauses.ts'
import { parseBehaviour } from './parse-behaviour.ts'

function parse(directive: string) {
  return parseBehaviour(cutClauses(directive).clauses)
}

describe('a directive', () => {
  test('reads every clause it knows', () => {
    const directive =
      'tokens=50;pace=20ms first-token=1.5 thinking=8 ping=4 unknown@3 rounds=2 ' +
      'error=429@10 retry-after=2 code=enforced_spend_limit_reached fail-first=1 key=a.b:c'
    expect(parse(directive)).toEqual({
      tokens: 50,
      paceMs: 20,
      firstTokenMs: 1.5,
      thinkingTokens: 8,
      pingEvery: 4,
      unknownAt: 3,
      toolRounds: 2,
      failure: { kind: 'error', type: 'rate_limit_error', at: 10 },
      retryAfterSeconds: 2,
      errorCode: 'enforced_spend_limit_reached',
      failFirst: 1,
      failureKey: 'a.b:c',
    })
  })

  test.each([
    ['error=529', { kind: 'error', type: 'overloaded_error', at: undefined }],
    ['error=overloaded_error@0', { kind: 'error', type: 'overloaded_error', at: 0 }],
    ['reset', { kind: 'reset', at: undefined }],
    ['reset@5', { kind: 'reset', at: 5 }],
    ['stall@5', { kind: 'stall', at: 5, ms: undefined }],
    ['stall=200ms@5', { kind: 'stall', at: 5, ms: 200 }],
    ['truncate@7', { kind: 'truncate', at: 7 }],
    ['truncate', { kind: 'truncate', at: 0 }],
  ])('fails with %s', (directive, failure) => {
    expect(parse(directive)).toEqual({ failure })
  })

  test('collects several tool calls, JSON with spaces, brackets and separators in it', () => {
    const { toolCalls } = parse(
      'tool=echo:{"a": "x; y ]] \\" }", "b": [[1]]} tool=files__read tool=c:{"d":"e@5"}',
    )
    expect(toolCalls).toEqual([
      { name: 'echo', input: { a: 'x; y ]] " }', b: [[1]] } },
      { name: 'files__read', input: {} },
      { name: 'c', input: { d: 'e@5' } },
    ])
  })

  test('keeps any JSON object whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (input) => {
        const { clauses, closed } = cutClauses(` tool=any:${JSON.stringify(input)} tokens=3 ]] tail`)
        expect([clauses.length, closed]).toEqual([2, true])
        expect(JSON.stringify(parseBehaviour(clauses).toolCalls?.[0]?.input)).toBe(
          JSON.stringify({ ...input }),
        )
      }),
    )
  })

  test.each([
    ['tokens', 'tokens', 'whole number from 1 to 20000'],
    ['tokens=0', 'tokens=0', 'whole number'],
    ['tokens=20001', 'tokens=20001', 'whole number'],
    ['tokens=5@2', 'tokens=5@2', 'takes no @position'],
    ['pace=fast', 'pace=fast', 'milliseconds'],
    ['pace=3 speed=9', 'speed=9', 'is unknown; known are tokens, pace'],
    ['constructor=1', 'constructor=1', 'is unknown'],
    ['error=teapot', 'error=teapot', '529 overloaded_error'],
    ['error', 'error', 'needs one of'],
    ['reset=1', 'reset=1', 'takes no value'],
    ['reset@1 stall@2', 'stall@2', 'second failure'],
    ['tokens=1 tokens=2', 'tokens=2', 'repeats'],
    ['tool=echo:{"a":}', 'tool=echo:{"a":}', 'not a JSON object'],
    ['tool=echo:{"a":1', 'tool=echo:{"a":1', 'name:{json object}'],
    ['tool=no spaces', 'spaces', 'is unknown'],
    ['=5', '=5', 'is not name'],
  ])('%s is refused as an invalid_request_error that names %s', (directive, named, why) => {
    const refusal = catchError(() => parse(directive))
    expect(refusal).toMatchObject({ name: 'ApiError', type: 'invalid_request_error' })
    expect(refusal).toMatchObject({
      message: expect.stringContaining(`simulator directive "${named}" `) as string,
    })
    expect(refusal).toMatchObject({ message: expect.stringContaining(why) as string })
  })
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
