import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTurn, sendTogether, type MadeTurn } from './make-turn.ts'
import { openStand, type Stand } from './open-stand.ts'
import { countRecords, readFlow } from './read-records.ts'
import { readBatches, startRecorder, type TestRecorder } from './start-recorder.ts'

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

const changeEvent = ({ events }: MadeTurn, change: object) =>
  JSON.stringify({ ...events[1], event: { ...events[1]?.event, ...change } })

test('poison of every kind in one batch - is parked with its reason; the rest is recorded, and nothing comes again', async () => {
  const good = Array.from({ length: 20 }, () => makeTurn())
  const [bad, other] = [makeTurn(), makeTurn()]
  const deep = `{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const poison: [string, RegExp][] = [
    ['hello {', /^not_json: /],
    [JSON.stringify(bad.events[0]), /^wrong_subject: belongs to flow\.accepted\./],
    [JSON.stringify(sendTogether(bad.events)), /^wrong_subject: belongs to flow\.accepted\./],
    ['{"kind":"event"}', /^not_a_flow_message: .*session_id/s],
    [JSON.stringify(other.events[1]), /^wrong_subject: belongs to flow\.events\./],
    [changeEvent(bad, { attempt: 3_000_000_000 }), /^refused_by_database: 22003 /],
    [changeEvent(bad, { timestamp: '0000-01-01T00:00:00.000Z' }), /^refused_by_database: 22008 /],
    // A digit before an "e", which an id may hold, decides whether the parser or the writer finds it too deep.
    [changeEvent(bad, { data: '#' }).replace('"#"', deep), /^not_json: RangeError|: Maximum call stack/],
    [JSON.stringify({ ...bad.settlement, attempt: 3_000_000_000 }), /^refused_by_database: 22003 /],
  ]
  // Frozen, so that everything waits and comes at once.
  recorder.service.kill('SIGSTOP')
  const [early, late] = [good.slice(0, 10), good.slice(10)]
  await stand.publish(early.flatMap(({ messages }) => messages))
  for (const [payload] of poison) await stand.publishRaw(bad.turnId, payload)
  await stand.publish(late.flatMap(({ messages }) => messages))
  recorder.service.kill('SIGCONT')
  await stand.whenCaughtUp()

  const letters = await stand.readDeadLetters()
  expect(letters.map(({ payload }) => Buffer.from(payload, 'base64').toString()).toSorted()).toEqual(
    poison.map(([payload]) => payload).toSorted(),
  )
  for (const [payload, reason] of poison) {
    const letter = letters.find((each) => Buffer.from(each.payload, 'base64').toString() === payload)
    expect(letter).toMatchObject({
      reason: expect.stringMatching(reason),
      subject: `flow.events.${bad.turnId}`,
      stream: 'FLOW_EVENTS',
      deliveries: 1,
    })
  }
  for (const turn of good) {
    expect((await readFlow(stand.database, turn.turnId))?.flow_data.events).toHaveLength(turn.events.length)
    expect(await countRecords(stand.database, turn.turnId)).toEqual({ audits: 1, activities: 4 })
  }
  expect(await readFlow(stand.database, bad.turnId)).toBeUndefined()
  expect(readBatches(recorder)).toContainEqual(expect.objectContaining({ parked: poison.length }))
})

test('what Postgres cannot store - is replaced, the turn is kept', async () => {
  const turn = makeTurn()
  const [, first] = turn.events
  const text = 'zero \u0000, half \ud83d, whole 😀'
  await stand.publishRaw(
    turn.turnId,
    JSON.stringify({ ...first, event: { ...first?.event, data: { text } } }),
  )
  const activities = turn.settlement.activities.map((activity) => ({ ...activity, activity_data: { text } }))
  await stand.publishRaw(turn.turnId, JSON.stringify({ ...turn.settlement, question: text, activities }))
  await stand.whenCaughtUp()
  const stored = 'zero \ufffd, half \ufffd, whole 😀'
  const flow = await readFlow(stand.database, turn.turnId)
  expect(flow).toMatchObject({ status: 'done', flow_data: { events: [{ data: { text: stored } }] } })
  const rows = await stand.database.query(
    `select question, activity_data ->> 'text' as text from omni2.audit_logs join omni2.user_activities
       using (session_id) where session_id = $1`,
    [turn.turnId],
  )
  expect(rows).toEqual(Array.from({ length: 4 }, () => ({ question: stored, text: stored })))
})

test('the log - says nothing that a user wrote', () => {
  const log = recorder.service.log.lines().join('\n')
  expect(log).toContain('message parked')
  expect(log).not.toContain('hello {')
  expect(log).not.toContain('What is')
})
