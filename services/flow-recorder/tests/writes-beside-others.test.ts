import type { FlowMessage } from '@omni2/contracts'
import { insertFlowEvents, openDatabase, type Database } from '@omni2/db'
import { openTestDatabase, type TestDatabase } from '@omni2/testkit'
import { asyncProperty, assert, array, nat, record, shuffledSubarray } from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { groupFlows } from '../src/write/group-flows.ts'
import { writeBatch } from '../src/write/write-batch.ts'
import { makeTurn } from './make-turn.ts'
import { countRecords, expectedEvents, readFlow } from './read-records.ts'

let database: TestDatabase
let recorders: Database[]

beforeAll(async () => {
  database = await openTestDatabase()
  recorders = [1, 2, 3].map((number) =>
    openDatabase({
      url: database.url,
      poolMax: 1,
      applicationName: `recorder ${number}`,
      statementTimeoutMs: 10_000,
      onPoolError: () => {},
    }),
  )
})

afterAll(async () => {
  for (const recorder of recorders) await recorder[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const turnCount = 4
const countMessages = () => makeTurns().flatMap(({ messages }) => messages).length
const makeTurns = () =>
  Array.from({ length: turnCount }, (_, index) => makeTurn({ attempts: 1 + (index % 3) }))
const indexes = Array.from({ length: countMessages() }, (_, index) => index)

/** Every message once, and some again, in any order, in batches of any size, each written by any recorder. */
const anyDelivery = record({
  order: shuffledSubarray([...indexes, ...indexes], { minLength: indexes.length }),
  once: shuffledSubarray(indexes, { minLength: indexes.length }),
  batches: array(record({ recorder: nat(2), size: nat(9) }), { minLength: 1, maxLength: 20 }),
})

function* cutBatches(
  messages: readonly FlowMessage[],
  batches: readonly { recorder: number; size: number }[],
) {
  let from = 0
  for (let index = 0; from < messages.length; index += 1) {
    const { recorder, size } = batches[index % batches.length] ?? { recorder: 0, size: 0 }
    yield { recorder, messages: messages.slice(from, (from += size + 1)) }
  }
}

test('three recorders - any split and order of the messages gives the same flows, without a deadlock', async () => {
  const property = asyncProperty(anyDelivery, async ({ order, once, batches }) => {
    const turns = makeTurns()
    const all = turns.flatMap(({ messages }) => messages)
    const sent = [...order, ...once].flatMap((index) => all[index] ?? [])
    const cut = [...cutBatches(sent, batches)]
    const written = recorders.map(async (recorder, number) => {
      let newEvents = 0
      for (const batch of cut.filter((each) => each.recorder === number)) {
        newEvents += await writeBatch(groupFlows(batch.messages), { database: recorder })
      }
      return newEvents
    })
    const newEvents = await Promise.all(written)
    expect(newEvents.reduce((sum, count) => sum + count)).toBe(turns.flatMap(({ events }) => events).length)
    for (const turn of turns) {
      const flow = await readFlow(database, turn.turnId)
      expect(flow?.flow_data.events).toEqual(expectedEvents(turn))
      expect(flow).toMatchObject({ status: 'done', completed_at: turn.settlement.ended_at })
      expect(await countRecords(database, turn.turnId)).toEqual({ audits: 1, activities: 4 })
    }
  })
  await assert(property, { numRuns: 40 })
})

test('an event committed while another recorder waits for the flow - is in what that one writes', async () => {
  const [first, second] = recorders
  if (!first || !second) throw new Error('two recorders are needed')
  const turn = makeTurn()
  const [begun, ...rest] = turn.events
  const [even, odd] = [0, 1].map((parity) => groupFlows(rest.filter((_, index) => index % 2 === parity)))
  if (!begun || !even || !odd) throw new Error('three batches are needed')
  await writeBatch(groupFlows([begun]), { database: first })
  let waiting: Promise<number> | undefined
  await first.db.transaction().execute(async (db) => {
    await insertFlowEvents(even, { db })
    waiting = writeBatch(odd, { database: second })
    await vi.waitFor(async () => expect(await countLockWaits()).toBe(1), { timeout: 10_000 })
  })
  expect(await waiting).toBe(odd.events.length)
  expect((await readFlow(database, turn.turnId))?.flow_data.events).toEqual(expectedEvents(turn))
})

async function countLockWaits(): Promise<number> {
  const waits = await database.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return waits.length
}
