import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeQuestionDigest, mismatchSchema, requests, subjects, type TurnMessage } from '@omni2/contracts'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
  await world.startWorker({ SWEEP_INTERVAL_MS: '1000' })
})
afterAll(() => world[Symbol.asyncDispose]())

const other = 'Something else'

/** Sends another question with the id of a turn, as a client does after the deduplication window of the stream. */
async function sendOther(turn: TurnMessage): Promise<void> {
  const payload = JSON.stringify({ ...turn, text: other })
  await world.edge.publishDurably(subjects.turns, payload, { id: `${turn.session_id} again` })
}

/** The digests of the messages that workers refused for the id of a turn. */
function hearMismatches(turn: TurnMessage): { first: Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>()
  world.edge.subscribe(subjects.mismatch(turn), (payload) =>
    resolve(mismatchSchema.parse(JSON.parse(Buffer.from(payload).toString())).digest),
  )
  return { first: promise }
}

const readRow = async ({ session_id }: TurnMessage) =>
  (
    await world.database.query('select user_text, attempt, status from omni2.turns where session_id = $1', [
      session_id,
    ])
  )[0]

const digestOf = (turn: TurnMessage) => makeQuestionDigest({ ...turn, text: other })

const cancel = ({ session_id, identity: { user_id } }: TurnMessage) =>
  world.edge.request(
    requests.cancel,
    { session_id, user_id, by: 'user', accepted: true },
    { timeoutMs: 5000 },
  )

test('ended - another question is refused, and the end is not published again', async () => {
  const turn = world.makeTurn('One')
  const { frames, ended } = await world.send(turn)
  await ended
  const countEnds = () => frames.filter(({ type }) => type === 'done').length
  const before = await readRow(turn)
  const mismatches = hearMismatches(turn)
  await sendOther(turn)
  expect(await mismatches.first).toBe(digestOf(turn))
  expect([await readRow(turn), countEnds()]).toEqual([before, 1])
})

test('running - another question is refused at once, and the turn goes on', async () => {
  const turn = world.makeTurn('One [[sim tokens=100 pace=20]]')
  const { heard, ended } = await world.send(turn)
  await heard('started')
  const mismatches = hearMismatches(turn)
  await sendOther(turn)
  expect(await mismatches.first).toBe(digestOf(turn))
  expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
  expect(await readRow(turn)).toMatchObject({ user_text: turn.text, attempt: 1, status: 'done' })
})

test('refused - a long text is compared whole, though its row keeps the beginning', async () => {
  await world.database.query('insert into omni2.user_blocks (user_id, is_blocked) values ($1, true)', [
    userId,
  ])
  const turn = world.makeTurn('x'.repeat(31_000))
  await (
    await world.send(turn)
  ).ended
  const mismatches = hearMismatches(turn)
  const text = `${'x'.repeat(30_999)}y`
  await world.edge.publishDurably(subjects.turns, JSON.stringify({ ...turn, text }), { id: 'long again' })
  expect(await mismatches.first).toBe(makeQuestionDigest({ ...turn, text }))
  await world.database.query('delete from omni2.user_blocks where user_id = $1', [userId])
})

test('left by a dead worker - another question does not take the turn over', async () => {
  const turn = world.makeTurn('One')
  await world.database.query(
    `insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, question_digest, status, attempt, deadline_at)
      values ($1, $2, $3, 'ws', $4, $5, 'running', 1, now() + interval '1 minute')`,
    [turn.session_id, turn.conversation_id, userId, turn.text, makeQuestionDigest(turn)],
  )
  const mismatches = hearMismatches(turn)
  await sendOther(turn)
  expect(await mismatches.first).toBe(digestOf(turn))
  expect(await readRow(turn)).toEqual({ user_text: turn.text, attempt: 1, status: 'running' })
  expect(await (await world.send(turn)).ended).toMatchObject({ type: 'done', attempt: 2 })
})

test('cancelled before its claim - the cancelled turn has the question', async () => {
  const turn = world.makeTurn('One')
  await cancel(turn)
  expect(await (await world.send(turn)).ended).toMatchObject({ type: 'cancelled', question: 'One' })
  const mismatches = hearMismatches(turn)
  await sendOther(turn)
  expect(await mismatches.first).toBe(digestOf(turn))
})
