import { expect, test } from 'vitest'
import { parseMessagesRequest } from '../parse-request.ts'
import { RequestLog } from './request-log.ts'

function openLog(bounds: { maxEntries?: number; maxBytes?: number } = {}) {
  return new RequestLog({ maxEntries: 100, maxBytes: 1_000_000, now: () => 0, ...bounds })
}

function addRequest(log: RequestLog, request: string, { userId = 'u', body = '' } = {}) {
  const exchange = log.open({ request, directive: undefined })
  exchange.received(body)
  const messages = [{ role: 'user', content: 'Hi' }]
  exchange.understood(
    parseMessagesRequest({ model: 'm', max_tokens: 1, messages, metadata: { user_id: userId } }),
  )
  return exchange
}

function listIds(log: RequestLog, query = {}) {
  return log.list(query).map((entry) => entry.request)
}

test('lists newest first, by metadata.user_id and up to a limit', () => {
  const log = openLog()
  for (const [id, userId] of [
    ['r1', 'a'],
    ['r2', 'b'],
    ['r3', 'a'],
  ] as const)
    addRequest(log, id, { userId })
  expect(listIds(log)).toEqual(['r3', 'r2', 'r1'])
  expect(listIds(log, { metadataUserId: 'a' })).toEqual(['r3', 'r1'])
  expect(listIds(log, { metadataUserId: 'a', limit: 1 })).toEqual(['r3'])
})

test('forgets the oldest above its number of entries, but none that is open', () => {
  const log = openLog({ maxEntries: 2 })
  const open = addRequest(log, 'open')
  for (const id of ['r1', 'r2', 'r3']) addRequest(log, id).ended('finished')
  expect(listIds(log)).toEqual(['r3', 'open'])
  open.ended('finished')
  addRequest(log, 'r4')
  expect(listIds(log)).toEqual(['r4', 'r3'])
})

test('forgets the oldest above its bytes', () => {
  const log = openLog({ maxBytes: 1000 })
  for (const id of ['r1', 'r2', 'r3']) addRequest(log, id, { body: 'x'.repeat(400) }).ended('finished')
  addRequest(log, 'r4')
  expect(listIds(log)).toEqual(['r4', 'r3', 'r2'])
})

test('what comes after the end of an exchange changes nothing', () => {
  const exchange = addRequest(openLog(), 'r1')
  exchange.ended('reset')
  exchange.ended('client_closed')
  expect(exchange.summarize()).toMatchObject({ outcome: 'reset', clientClosedAt: null })
})
