import { expect, test } from 'vitest'
import { EventLog } from './event-log.ts'

async function collect(log: EventLog) {
  const events = []
  for await (const event of log.read()) events.push(event)
  return events
}

test('every reader gets everything, and unread text is joined', async () => {
  const log = new EventLog()
  const reader = log.read()
  log.push({ type: 'token', text: 'a' })
  log.push({ type: 'token', text: 'b' })
  expect(await reader.next()).toEqual({ done: false, value: { type: 'token', text: 'ab' } })
  log.push({ type: 'token', text: 'c' })
  log.push({ type: 'waiting' })
  log.push({ type: 'token', text: 'd' })
  log.end()
  const late = await collect(log)
  expect(late.map((event) => ('text' in event ? event.text : event.type))).toEqual([
    'ab',
    'c',
    'waiting',
    'd',
  ])
  expect(await reader.next()).toEqual({ done: false, value: { type: 'token', text: 'c' } })
})
