import { parseExactJson } from '@omni2/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ArgumentChecker } from './argument-checker.ts'
import { ArgumentsUncheckedError } from './tool-errors.ts'

const log = { warn: vi.fn<ConstructorParameters<typeof ArgumentChecker>[0]['log']['warn']>() }
let checker: ArgumentChecker

beforeEach(() => {
  log.warn.mockClear()
  checker = new ArgumentChecker({ log })
})
afterEach(() => checker[Symbol.asyncDispose]())

const makeTool = (argumentSchema: Record<string, unknown>, tool = 'tool', server = 'server') => ({
  server,
  tool,
  argumentSchema,
})
const check = (input: unknown, schema: Record<string, unknown>) => checker.check(makeTool(schema), input)

const schema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
/** Takes longer than any test on `slowInput`. */
const slow = { type: 'object', properties: { a: { type: 'string', pattern: '^(a|a)*$' } } }
const slowInput = { a: `${'a'.repeat(60)}!` }
/** Reports each of many elements with all of its faults. */
const swelling = {
  type: 'object',
  properties: { a: { items: { allOf: Array.from({ length: 2000 }, () => ({ type: 'null' })) } } },
}
const swellingInput = { a: Array(10_000).fill(0) }

test('arguments that fit have no complaint; the complaint about others says what is wrong', async () => {
  expect(await check({ path: '/tmp' }, schema)).toBeUndefined()
  expect(await check({}, schema)).toContain("must have required property 'path'")
  expect(await check('path', schema)).toContain('must be object')
  expect(await check(undefined, schema)).toContain('must be object')
})

test('schemas of other servers with the same $id are other schemas', async () => {
  const text = { ...schema, $id: 'https://example/schema' }
  const number = { ...text, properties: { path: { type: 'number' } } }
  expect(await check({ path: 'x' }, text)).toBeUndefined()
  expect(await check({ path: 'x' }, number)).toContain('must be number')
})

test('a schema that cannot be read lets nothing through', async () => {
  const unreadable = "the tool's own schema cannot be read"
  expect(await check({}, { type: 'object', $ref: '#/nowhere' })).toBe(unreadable)
  expect(await check({}, { type: 'banana' })).toBe(unreadable)
})

test('a number with more digits than a double has is a number', async () => {
  const numbers = { properties: { id: { type: 'integer' } } }
  expect(await check(parseExactJson('{"id":9007199254740993}'), numbers)).toBeUndefined()
  expect(await check(parseExactJson('{"id":0.12345678901234567890}'), numbers)).toContain('must be integer')
})

test('more schemas than are kept compiled are checked all the same', async () => {
  const complaints = await Promise.all(
    Array.from({ length: 300 }, (_, n) => check({}, { required: [`p${n}`] })),
  )
  expect(complaints.map((complaint, n) => complaint?.includes(`'p${n}'`))).toEqual(Array(300).fill(true))
  expect(log.warn).not.toHaveBeenCalled()
})

test.each([
  { costs: 'time', badSchema: slow, badInput: slowInput },
  { costs: 'memory', badSchema: swelling, badInput: swellingInput },
])('a check that costs too much $costs is given up, alone and once', async ({ badSchema, badInput }) => {
  const bad = makeTool(badSchema, 'bad')
  const givenUp = Promise.allSettled([checker.check(bad, badInput), checker.check(bad, {})])
  let turns = 0
  const turning = setInterval(() => (turns += 1), 1)
  const others = [
    checker.check(makeTool(schema, 'good', 'other'), {}),
    checker.check(makeTool(schema, 'good'), {}),
    checker.check(makeTool(badSchema, 'same schema'), { a: [] }),
  ]
  const complaint = expect.stringContaining('must')
  const allowed = badSchema === slow ? complaint : undefined
  expect(await Promise.all(others)).toEqual([complaint, complaint, allowed])
  expect((await givenUp).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  clearInterval(turning)
  expect(turns).toBeGreaterThan(10)
  await expect(checker.check(bad, {})).rejects.toThrow(ArgumentsUncheckedError)
  expect(log.warn.mock.calls).toEqual([
    [{ server: 'server', tool: 'bad' }, 'tool arguments not checked in time'],
  ])
})

test('closing gives up what is checked, and a cancelled check does not wait for that', async () => {
  const running = checker.check(makeTool(slow), slowInput)
  const waiting = checker.check(makeTool(schema), {}, AbortSignal.abort(new Error('cancelled')))
  await expect(waiting).rejects.toThrow('cancelled')
  const closing = checker[Symbol.asyncDispose]()
  await expect(running).rejects.toThrow(ArgumentsUncheckedError)
  await closing
  await expect(check({}, schema)).rejects.toThrow(ArgumentsUncheckedError)
})
