import { afterAll, beforeAll, expect, test } from 'vitest'
import { requests, subjects } from '@omni2/contracts'
import { openWorkerWorld, openWorldDatabase, userId, type WorkerWorld } from './worker-world.ts'

/** Claims of one turn before it is parked. */
const attempts = 3

const aliveRequest = { timeoutMs: 500 }

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
  const env = { SWEEP_INTERVAL_MS: '1000', TURN_ATTEMPTS: String(attempts) }
  await Promise.all([world.startWorker(env), world.startWorker(env)])
})
afterAll(() => world[Symbol.asyncDispose]())

async function findRow(turnId: string) {
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [turnId])
  return row
}

test('a sweep ends a turn that no worker will end', async () => {
  const turn = world.makeTurn('Forgotten')
  await world.database.query(
    `insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, status, attempt, deadline_at)
   values ($1, $2, 2, 'ws', 'Forgotten', 'running', 1, now() - interval '1 minute')`,
    [turn.session_id, turn.conversation_id],
  )
  const data = { code: 'interrupted', detail: 'overdue turn ended' }
  await expect
    .poll(() => world.readFlow(turn.session_id))
    .toMatchObject([
      { kind: 'event', event: { event_type: 'error', attempt: 1, ordinal: 1_000_001, data } },
      { kind: 'settlement', status: 'interrupted' },
    ])
  expect(await findRow(turn.session_id)).toMatchObject({ status: 'interrupted' })
})

test('a turn whose attempts all die is ended and parked', async () => {
  const turn = world.makeTurn('Deadly')
  await world.database.query(
    `insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, status, attempt, deadline_at)
   values ($1, $2, 2, 'ws', 'Deadly', 'running', ${attempts}, now() + interval '1 minute')`,
    [turn.session_id, turn.conversation_id],
  )
  expect(await (await world.send(turn)).ended).toMatchObject({
    type: 'error',
    code: 'internal',
    attempt: attempts + 1,
  })
  await expect.poll(() => world.readStream('DEAD_LETTERS', 'dead.CHAT_TURNS')).toHaveLength(1)
  expect(await findRow(turn.session_id)).toMatchObject({ status: 'error' })
})

test('a message that is sent again while its turn runs does not restart it', async () => {
  const before = world.model.log.list().length
  const turn = world.makeTurn('Again [[sim tokens=40 pace=20]]')
  const { frames, heard, ended } = await world.send(turn)
  await heard('token')
  for (const copy of ['a', 'b', 'c'])
    await world.edge.publishDurably('chat.turns', JSON.stringify(turn), {
      id: `${turn.session_id}-${copy}`,
    })
  expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
  expect(frames.some(({ type }) => type === 'restart')).toBe(false)
  expect(world.model.log.list()).toHaveLength(before + 1)
})

test('a sweep publishes a lost end until it is recorded', async () => {
  const turn = world.makeTurn('Untold')
  const terminal = { type: 'error', seq: 3, body: { error: 'x', code: 'internal' } }
  await world.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, result, ended_at)
     values ($1, 2, 'sse', 'Untold', 'error', 1, $2, now() - interval '5 minutes')`,
    [turn.session_id, JSON.stringify(terminal)],
  )
  const settlement = async () => (await world.readFlow(turn.session_id)).at(0)
  await expect.poll(settlement).toMatchObject({ kind: 'settlement', status: 'error' })
})

test('a sweep deletes a turn that was refused long ago', async () => {
  const { session_id } = world.makeTurn('Refused')
  await world.database.query(
    `insert into omni2.turns (session_id, user_id, source, status, attempt, ended_at)
     values ($1, 2, 'ws', 'refused', 1, now() - interval '31 days')`,
    [session_id],
  )
  await expect.poll(() => findRow(session_id)).toBeUndefined()
})

test('a worker answers for a turn before it has claimed it, so that a slow claim does not look like a dead owner', async () => {
  await using database = openWorldDatabase(world)
  const turn = world.makeTurn('Slow claim')
  // The claim waits for this row, which is never committed.
  const other = await database.db.startTransaction().execute()
  const row = {
    session_id: turn.session_id,
    user_id: userId,
    source: 'ws',
    status: 'running',
    attempt: 1,
  } as const
  await other.insertInto('omni2.turns').values(row).execute()
  const { ended } = await world.send(turn)
  const isAnswered = () =>
    world.edge.request(requests.owner.alive(turn.session_id), { user_id: userId }, aliveRequest).then(
      () => true,
      () => false,
    )
  await expect.poll(isAnswered).toBe(true)
  expect(await findRow(turn.session_id)).toBeUndefined()
  await other.rollback().execute()
  expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
})

test('an ended turn that is delivered again publishes the same end again', async () => {
  const turn = world.makeTurn('Twice')
  const first = await (await world.send(turn)).ended
  // A turn that a worker may still run is left alone.
  const isRun = () =>
    world.edge.request(requests.owner.alive(turn.session_id), { user_id: userId }, aliveRequest).then(
      () => true,
      () => false,
    )
  await expect.poll(isRun).toBe(false)
  const again = await world.send(turn)
  await world.edge.publishDurably(subjects.turns, JSON.stringify(turn), { id: `${turn.session_id}-again` })
  expect(await again.ended).toEqual(first)
})
