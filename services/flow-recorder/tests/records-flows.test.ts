import { makeDerivedId } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTurn, momentAt, sendTogether } from './make-turn.ts'
import { openStand, type Stand } from './open-stand.ts'
import { countRecords, expectedEvents, readFlow } from './read-records.ts'
import { startRecorder, type TestRecorder } from './start-recorder.ts'

let stand: Stand
let recorder: TestRecorder

beforeAll(async () => {
  stand = await openStand()
  recorder = await startRecorder(stand)
})

afterAll(async () => {
  await recorder[Symbol.asyncDispose]()
  await stand[Symbol.asyncDispose]()
})

test('a turn in order - its flow is complete and ends as the turn did', async () => {
  const turn = makeTurn()
  await stand.publish(turn.messages)
  await stand.whenCaughtUp()
  expect(await readFlow(stand.database, turn.turnId)).toEqual({
    user_id: turn.userId,
    conversation_id: turn.conversationId,
    source: 'ws',
    status: 'done',
    created_at: momentAt(0),
    completed_at: momentAt(1500),
    flow_data: {
      session_id: turn.turnId,
      user_id: turn.userId,
      settled_attempt: 1,
      events: turn.events.map(({ event }) => event),
    },
  })
})

test('events that come together, and one of them alone again - are recorded as if each came once', async () => {
  const turn = makeTurn({ attempts: 2 })
  const [accepted, ...others] = turn.events
  if (!accepted) throw new TypeError('no first event')
  await stand.publish([
    accepted,
    sendTogether(others.slice(0, 4)),
    sendTogether(others.slice(4)),
    turn.settlement,
  ])
  await stand.publishRaw(turn.turnId, JSON.stringify(others[1]))
  await stand.whenCaughtUp()
  const flow = await readFlow(stand.database, turn.turnId)
  expect(flow?.flow_data.events).toEqual(expectedEvents(turn))
})

test('a turn that goes on - its flow runs and has no end', async () => {
  const turn = makeTurn()
  await stand.publish(turn.events.slice(0, 4))
  await stand.whenCaughtUp()
  const flow = await readFlow(stand.database, turn.turnId)
  expect(flow).toMatchObject({ status: 'running', completed_at: null, created_at: momentAt(0) })
  expect(flow?.flow_data.events.map(({ node_id }) => node_id)).toEqual(['0.0', '1.0', '1.1', '1.2'])
})

test('a settled turn - its activities are whole, in order, and its audit row says what it cost', async () => {
  const turn = makeTurn()
  await stand.publish(turn.messages)
  await stand.whenCaughtUp()
  const activities = await stand.database.query(
    `select activity_id, conversation_id, user_id, sequence_num, activity_type, activity_data, duration_ms,
       to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at
     from omni2.user_activities where session_id = $1 order by sequence_num`,
    [turn.turnId],
  )
  expect(activities).toEqual(
    turn.settlement.activities.map((activity, index) => ({
      activity_id: makeDerivedId(turn.turnId, `activity:${index + 1}`),
      conversation_id: turn.conversationId,
      user_id: turn.userId,
      sequence_num: index + 1,
      ...activity,
    })),
  )
  const audits = await stand.database.query('select * from omni2.audit_logs where session_id = $1', [
    turn.turnId,
  ])
  expect(audits).toEqual([
    expect.objectContaining({
      user_id: turn.userId,
      conversation_id: turn.conversationId,
      question: turn.settlement.question,
      success: true,
      outcome: 'done',
      duration_ms: 480,
      mcp_target: 'files',
      tool_called: 'read.text',
      model: 'claude-sonnet-5-5',
      llm_tokens_used: 154,
      tokens_input: 120,
      tokens_output: 34,
      tokens_cached: 100,
      cost_usd: '0.00001234',
      estimated: false,
      error_message: null,
      was_blocked: false,
      block_reason: null,
    }),
  ])
})

test('a blocked turn - its audit row says so and why', async () => {
  const { settlement, turnId } = makeTurn()
  const error = { code: 'blocked', text: 'Access blocked: spam' }
  await stand.publish([{ ...settlement, status: 'blocked', error, result: null, activities: [] }])
  await stand.whenCaughtUp()
  const audits = await stand.database.query('select * from omni2.audit_logs where session_id = $1', [turnId])
  expect(audits).toEqual([
    expect.objectContaining({
      success: false,
      outcome: 'blocked',
      was_blocked: true,
      block_reason: error.text,
      error_message: error.text,
      duration_ms: 1500,
      model: null,
      llm_tokens_used: null,
      mcp_target: null,
    }),
  ])
})

test('a turn over SSE - belongs to no conversation', async () => {
  const turn = makeTurn({ sse: true })
  await stand.publish(turn.messages)
  await stand.whenCaughtUp()
  expect(await readFlow(stand.database, turn.turnId)).toMatchObject({
    conversation_id: null,
    source: 'sse',
    status: 'done',
  })
  expect(await countRecords(stand.database, turn.turnId)).toEqual({ audits: 1, activities: 4 })
})

test('a settlement that comes before its events - ends the flow, and they still find their places', async () => {
  const turn = makeTurn({ attempts: 2 })
  await stand.publish([turn.settlement])
  await stand.whenCaughtUp()
  expect(await readFlow(stand.database, turn.turnId)).toMatchObject({
    status: 'done',
    created_at: momentAt(0),
    completed_at: momentAt(2500),
    flow_data: { events: [], settled_attempt: 2 },
  })
  await stand.publish(turn.events.toReversed())
  await stand.whenCaughtUp()
  const flow = await readFlow(stand.database, turn.turnId)
  expect(flow).toMatchObject({ status: 'done', completed_at: momentAt(2500) })
  expect(flow?.flow_data.events).toEqual(expectedEvents(turn))
})

test('attempts - all but the newest are superseded, then all but the settled one, also when they come late', async () => {
  const turn = makeTurn({ attempts: 3 })
  const late = turn.events.filter(({ event }) => event.attempt === 1 && event.ordinal > 2)
  const readSuperseded = async () => {
    const flow = await readFlow(stand.database, turn.turnId)
    const superseded = flow?.flow_data.events.filter((event) => event.superseded)
    return [...new Set(superseded?.map(({ attempt }) => attempt))]
  }
  await stand.publish(turn.events.filter((message) => !late.includes(message)))
  await stand.whenCaughtUp()
  expect(await readSuperseded()).toEqual([1, 2])

  await stand.publish([{ ...turn.settlement, attempt: 2 }])
  await stand.whenCaughtUp()
  expect(await readSuperseded()).toEqual([1, 3])

  await stand.publish(late)
  await stand.whenCaughtUp()
  expect(await readSuperseded()).toEqual([1, 3])
  expect((await readFlow(stand.database, turn.turnId))?.flow_data.events).toHaveLength(turn.events.length)
})

test('a second settlement of a turn - changes nothing', async () => {
  const turn = makeTurn()
  await stand.publish(turn.messages)
  await stand.whenCaughtUp()
  const before = await readFlow(stand.database, turn.turnId)
  const other = {
    ...turn.settlement,
    attempt: 7,
    status: 'error' as const,
    ended_at: momentAt(9000),
    activities: [...turn.settlement.activities, ...turn.settlement.activities],
  }
  await stand.publishRaw(turn.turnId, JSON.stringify(turn.settlement))
  await stand.publishRaw(turn.turnId, JSON.stringify(other))
  await stand.whenCaughtUp()
  expect(await readFlow(stand.database, turn.turnId)).toEqual(before)
  expect(await countRecords(stand.database, turn.turnId)).toEqual({ audits: 1, activities: 4 })
})

test('SIGTERM - what it has taken is recorded, nothing waits for an ack_wait, and it ends with 0', async () => {
  await using leaving = await startRecorder(stand)
  const turns = Array.from({ length: 50 }, () => makeTurn())
  await stand.publish(turns.flatMap(({ messages }) => messages))
  leaving.service.kill('SIGTERM')
  expect(await leaving.service.exited).toEqual({ code: 0, signal: null })
  // The other recorder records what this one has left, long before the ack_wait of 30 s.
  await stand.whenCaughtUp(10_000)
  for (const turn of turns) {
    expect((await readFlow(stand.database, turn.turnId))?.flow_data.events).toHaveLength(turn.events.length)
  }
})
