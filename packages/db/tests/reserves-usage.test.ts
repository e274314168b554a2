import { randomUUID } from 'node:crypto'
import { makeQuestionDigest, type TurnMessage } from '@omni2/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  claimTurn,
  type Database,
  deleteExpiredReservations,
  endOverdueTurns,
  listOverdueTurns,
  loadLimitFacts,
  renewReservation,
  requestCancel,
  reserveUsage,
  settleTurn,
} from '../src/index.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

const userId = 1
const terminal = { type: 'error', seq: 1, body: { error: 'x', code: 'internal' } } as const
let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
  await sql`insert into auth_service.users (id, username, name, active) values (1, 'ada', 'Ada', true)`.execute(
    database.db,
  )
})
afterAll(() => database[Symbol.asyncDispose]())

const makeTurn = (): TurnMessage => ({
  session_id: randomUUID(),
  conversation_id: null,
  identity: { user_id: userId, username: 'ada', role: 'user', sid: randomUUID(), session_exp: 2e9 },
  source: 'sse',
  client_msg_id: null,
  text: 'Hello',
  replaces: null,
  accepted_at: new Date().toISOString(),
})

/** Claims a turn and reserves for it, as a worker does. */
async function begin(turn: TurnMessage, { amount_usd = 0.25, tokens = 1000, lifetimeMs = 60_000 } = {}) {
  return database.db.transaction().execute(async (db) => {
    const claimed = await claimTurn(
      turn,
      { worker: 'test', deadlineMs: lifetimeMs, digest: makeQuestionDigest(turn) },
      { db },
    )
    const { attempt = 0 } = claimed ?? {}
    const reservation = { session_id: turn.session_id, attempt, amount_usd, tokens }
    await reserveUsage(reservation, { userId, lifetimeMs }, { db })
    return reservation
  })
}

const settle = (turn: TurnMessage, attempt: number) =>
  settleTurn(
    {
      session_id: turn.session_id,
      attempt,
      status: 'error',
      answer: null,
      terminal,
      model: null,
      tokens: null,
      cost_usd: 0.01,
      estimated: false,
      was_declined: false,
    },
    database,
  )

async function readTurn({ session_id }: TurnMessage) {
  const { rows } = await sql<Record<string, unknown>>`
    select turn.status, abandoned_cost_usd::float8 as dead_cost, abandoned_tokens as dead_tokens, estimated, was_admitted,
      reservation.attempt as reserved_by, reservation.amount_usd::float8 as reserved
    from omni2.turns turn left join omni2.usage_reservations reservation using (session_id)
    where session_id = ${session_id}
  `.execute(database.db)
  return rows[0]
}

test('a settlement - gives back what was reserved, and charges no dead attempt where none died', async () => {
  const turn = makeTurn()
  const { attempt } = await begin(turn)
  expect(await readTurn(turn)).toMatchObject({ reserved_by: 1, reserved: 0.25 })
  expect(await settle(turn, attempt)).toBeDefined()
  expect(await readTurn(turn)).toMatchObject({
    dead_cost: 0,
    dead_tokens: 0,
    was_admitted: true,
    reserved_by: null,
  })
})

test('a claim after another - charges what the dead attempt had reserved, and reserves again', async () => {
  const turn = makeTurn()
  await begin(turn)
  await begin(turn, { amount_usd: 0.5, tokens: 2000 })
  expect(await readTurn(turn)).toMatchObject({
    dead_cost: 0.25,
    dead_tokens: 1000,
    reserved_by: 2,
    reserved: 0.5,
  })
  expect(await settle(turn, 1)).toBeUndefined()
  expect(await readTurn(turn)).toMatchObject({ status: 'running', reserved_by: 2 })
  await settle(turn, 2)
  expect(await readTurn(turn)).toMatchObject({ dead_cost: 0.25, dead_tokens: 1000, reserved_by: null })
})

test('a settlement of an attempt that reserved nothing - charges what the one before it had reserved beyond its cost', async () => {
  const turn = makeTurn()
  await begin(turn)
  await claimTurn(turn, { worker: 'test', deadlineMs: 60_000, digest: makeQuestionDigest(turn) }, database)
  await settle(turn, 2)
  expect(await readTurn(turn)).toMatchObject({
    dead_cost: 0.24,
    dead_tokens: 1000,
    was_admitted: true,
    reserved_by: null,
  })
})

test('a turn that no attempt was admitted to - is no request, settled or swept', async () => {
  const [settled, swept] = [makeTurn(), makeTurn()]
  await claimTurn(
    settled,
    { worker: 'test', deadlineMs: 60_000, digest: makeQuestionDigest(settled) },
    database,
  )
  await settle(settled, 1)
  const cancel = { session_id: swept.session_id, user_id: userId, by: 'user', accepted: true } as const
  await requestCancel(cancel, { deadlineMs: -1 }, database)
  await endOverdueTurns(
    await listOverdueTurns(database),
    { interrupted: terminal, cancelled: terminal },
    database,
  )
  expect(await readTurn(settled)).toMatchObject({ status: 'error', was_admitted: false })
  expect(await readTurn(swept)).toMatchObject({ status: 'cancelled', was_admitted: false })
})

test('a renewal - changes the reservation of the attempt that has it, and of no other', async () => {
  const turn = makeTurn()
  const reservation = await begin(turn)
  expect(await renewReservation({ ...reservation, amount_usd: 0.75 }, database)).toBe(true)
  expect(await renewReservation({ ...reservation, attempt: 2 }, database)).toBe(false)
  expect(await readTurn(turn)).toMatchObject({ reserved: 0.75 })
  const { live } = await loadLimitFacts({ userId, turnId: turn.session_id }, database)
  expect(live.own).toEqual({ attempt: 1, cost_usd: 0.75, tokens: 1000 })
  await settle(turn, 1)
  expect(await renewReservation(reservation, database)).toBe(false)
})

test('the sweep - charges an overdue turn with what was reserved, marked, and removes what expired', async () => {
  const overdue = makeTurn()
  await begin(overdue, { lifetimeMs: -1 })
  await begin(makeTurn())
  await sql`
    insert into omni2.usage_reservations (session_id, attempt, user_id, amount_usd, tokens, expires_at)
    values (gen_random_uuid(), 1, 1, 1, 1, now() - interval '1 second')
  `.execute(database.db)
  await endOverdueTurns(
    await listOverdueTurns(database),
    { interrupted: terminal, cancelled: terminal },
    database,
  )
  await deleteExpiredReservations(database)
  expect(await readTurn(overdue)).toEqual({
    status: 'interrupted',
    dead_cost: 0.25,
    dead_tokens: 1000,
    estimated: true,
    was_admitted: true,
    reserved_by: null,
    reserved: null,
  })
  const { rows } = await sql`
    select from omni2.usage_reservations reservation join omni2.turns using (session_id) where ended_at is null
    union all select from omni2.usage_reservations where expires_at < now()
  `.execute(database.db)
  expect(rows).toHaveLength(1)
})
