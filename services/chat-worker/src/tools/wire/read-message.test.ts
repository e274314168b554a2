import { expect, test } from 'vitest'
import { readMessages, takeResult } from './read-message.ts'

const read = (message: object) => readMessages(JSON.stringify({ jsonrpc: '2.0', ...message }))

test('results are wrapped, whatever they are, with their numbers as they came', () => {
  const [message] = readMessages('{"jsonrpc":"2.0","id":1,"result":{"_meta":7,"big":18446744073709551615}}')
  if (!message || !('result' in message)) throw new Error('no result')
  expect(JSON.stringify(takeResult(message.result).result)).toBe('{"_meta":7,"big":18446744073709551615}')
  for (const result of [null, [], 'text', 7]) {
    const [odd] = read({ id: 'a', result })
    expect(odd && 'result' in odd && takeResult(odd.result).result).toEqual(result)
  }
})

test('the capabilities of a server are passed on, without its instructions', () => {
  const result = { capabilities: {}, protocolVersion: '1', instructions: 'x' }
  expect(JSON.stringify(read({ id: 1, result }))).not.toContain('instructions')
})

test('errors are read whatever their code and message are', () => {
  const codes = [{ code: 'E', message: 7 }, { message: 'why' }, 'text', null].map(
    (error) => read({ id: 1, error })[0],
  )
  for (const answer of codes)
    expect(answer).toMatchObject({ id: 1, error: { code: -32_603, message: expect.any(String) } })
  expect(codes[1]).toMatchObject({ error: { message: 'why' } })
})

test('unused messages are left out', () => {
  expect(read({ method: 'notifications/progress', params: { progressToken: 1 } })).toEqual([])
  expect(read({ method: 'notifications/tools/list_changed', params: 7 })).toEqual([
    { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
  ])
  expect(read({ result: {} })).toEqual([])
  expect(readMessages('[null, 7, [], "text"]')).toEqual([])
})

test('a number that is none makes a message unreadable', () => {
  expect(() => readMessages('{"jsonrpc":"2.0","id":1,"result":{"n":1e400}}')).toThrow(SyntaxError)
})

test('a number that is none leaves the other tools of a list readable', () => {
  const [page] = readMessages(
    '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a","x":1e400},{"name":"b"}]}}',
  )
  if (!page || !('result' in page)) throw new Error('no result')
  expect(takeResult(page.result).result).toMatchObject({ tools: [{ name: 'a' }, { name: 'b' }] })
})
