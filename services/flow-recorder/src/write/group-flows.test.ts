import { expect, test } from 'vitest'
import { makeTurn, momentAt, sendTogether } from '../../tests/make-turn.ts'
import { groupFlows } from './group-flows.ts'

test('messages of two turns - one flow each, begun at its earliest moment', () => {
  const [first, second] = [makeTurn(), makeTurn({ sse: true })]
  const batch = groupFlows([...second.events.slice(2), ...first.messages.toReversed()])
  expect(batch.flows).toEqual([
    expect.objectContaining({
      session_id: second.turnId,
      conversation_id: null,
      begun_at: momentAt(1007),
    }),
    expect.objectContaining({
      session_id: first.turnId,
      conversation_id: first.conversationId,
      begun_at: momentAt(0),
    }),
  ])
  expect(batch.events).toHaveLength(second.events.length - 2 + first.events.length)
})

test('two settlements of one turn - the first counts', () => {
  const { settlement } = makeTurn()
  expect(groupFlows([settlement, { ...settlement, status: 'error' }]).settlements).toEqual([settlement])
})

test('events that came in one message - are the same batch as events that came alone', () => {
  const { events, settlement } = makeTurn({ attempts: 2 })
  expect(groupFlows([sendTogether(events), settlement])).toEqual(groupFlows([...events, settlement]))
})
