import { expect, test } from 'vitest'
import { parseMessagesRequest } from '../parse-request.ts'
import { countPromptTokens } from './list-prompt-blocks.ts'
import { PromptCache } from './prompt-cache.ts'

const ephemeral = { type: 'ephemeral' }
const rules = { type: 'text', text: 'The long rules of the house. '.repeat(20) }
const hello = { type: 'text', text: 'Hello' }

function ask(body: Record<string, unknown>) {
  return parseMessagesRequest({
    model: 'm',
    max_tokens: 10,
    messages: [{ role: 'user', content: [hello] }],
    ...body,
  })
}

function openCache({ maxPrefixes = 100, minTokens = 0 } = {}) {
  const clock = { now: 1000 }
  return { clock, cache: new PromptCache({ maxPrefixes, minTokens, now: () => clock.now }) }
}

test('a prefix is written the first time and read afterwards, and the parts add up to the prompt', () => {
  const { cache } = openCache()
  const request = ask({ system: [{ ...rules, cache_control: ephemeral }] })
  const [first, second] = [cache.use(request), cache.use(request)]
  expect(first).toMatchObject({ cacheRead: 0, created1h: 0 })
  expect(first.created5m).toBeGreaterThan(100)
  expect(second).toEqual({ uncached: first.uncached, cacheRead: first.created5m, created5m: 0, created1h: 0 })
  expect(first.uncached + first.created5m).toBe(countPromptTokens(request))
})

test('without a breakpoint nothing is cached', () => {
  const { cache } = openCache()
  const request = ask({ system: [rules] })
  cache.use(request)
  expect(cache.use(request)).toEqual({
    uncached: countPromptTokens(request),
    cacheRead: 0,
    created5m: 0,
    created1h: 0,
  })
})

test('a conversation that grows reads what the turn before wrote', () => {
  const { cache } = openCache()
  const turn = (...texts: string[]) =>
    ask({
      cache_control: ephemeral,
      messages: texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
    })
  const first = cache.use(turn('one'))
  const second = cache.use(turn('one', 'two', 'three'))
  expect(second.cacheRead).toBe(first.created5m)
  expect(second.created5m).toBeGreaterThan(0)
})

test.each([
  ['model', { model: 'other' }],
  ['tools', { tools: [{ name: 'new', input_schema: { type: 'object' } }] }],
  ['system', { system: [{ ...rules, text: 'Others.', cache_control: ephemeral }] }],
])('another %s in front of the breakpoint is another prefix', (_, change) => {
  const { cache } = openCache()
  const request = { system: [{ ...rules, cache_control: ephemeral }] }
  cache.use(ask(request))
  expect(cache.use(ask({ ...request, ...change })).cacheRead).toBe(0)
})

test('another end behind the breakpoint is the same prefix', () => {
  const { cache } = openCache()
  const system = [{ ...rules, cache_control: ephemeral }]
  const first = cache.use(ask({ system }))
  expect(cache.use(ask({ system, messages: [{ role: 'user', content: 'Bye' }] })).cacheRead).toBe(
    first.created5m,
  )
})

test('an entry lives for its time to live since its last use', () => {
  const { cache, clock } = openCache()
  const request = ask({ system: [{ ...rules, cache_control: ephemeral }] })
  cache.use(request)
  clock.now += 299_999
  expect(cache.use(request).cacheRead).toBeGreaterThan(0)
  clock.now += 299_999
  expect(cache.use(request).cacheRead).toBeGreaterThan(0)
  clock.now += 300_000
  expect(cache.use(request).cacheRead).toBe(0)
})

test('a prefix that is too short is never written', () => {
  const { cache } = openCache({ minTokens: 1024 })
  const short = ask({ system: [{ ...rules, cache_control: ephemeral }] })
  const long = ask({ system: [{ ...rules, text: rules.text.repeat(10), cache_control: ephemeral }] })
  expect([cache.use(short), cache.use(short)].map(({ created5m }) => created5m)).toEqual([0, 0])
  expect(cache.use(long).created5m).toBeGreaterThanOrEqual(1024)
  expect(cache.use(long).cacheRead).toBeGreaterThanOrEqual(1024)
})

test('each breakpoint is written with its own time to live', () => {
  const { cache } = openCache()
  const system = [{ ...rules, cache_control: { type: 'ephemeral', ttl: '1h' } }]
  const messages = [{ role: 'user', content: [{ ...hello, cache_control: ephemeral }] }]
  const usage = cache.use(ask({ system, messages }))
  expect(usage.created1h).toBeGreaterThan(usage.created5m)
  expect(usage.created5m).toBeGreaterThan(0)
  expect(usage.uncached).toBe(0)
})

test('the least recently used prefix goes above the bound', () => {
  const { cache } = openCache({ maxPrefixes: 2 })
  const [a, b, c] = ['a', 'b', 'c'].map((text) =>
    ask({ system: [{ type: 'text', text, cache_control: ephemeral }] }),
  )
  const read = [a, b, a, c, a, b].map((request) => request && cache.use(request).cacheRead > 0)
  expect(read).toEqual([false, false, true, false, true, false])
})

test('a breakpoint more than 20 blocks behind the last entry finds nothing', () => {
  const { cache } = openCache()
  const grow = (blocks: number) =>
    ask({
      messages: [{ role: 'user', content: Array.from({ length: blocks }, () => hello) }],
      cache_control: ephemeral,
    })
  cache.use(grow(1))
  expect(cache.use(grow(20)).cacheRead).toBeGreaterThan(0)
  expect(cache.use(grow(60)).cacheRead).toBe(0)
})
