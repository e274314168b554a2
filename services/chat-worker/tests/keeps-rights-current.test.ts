import { openBus, type Bus } from '@omni2/bus'
import { subjects, type ControlMessage, type ServerFrame, type TurnMessage } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import type { TestProcess } from '@omni2/testkit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openWorkerWorld, userId, type FollowedTurn, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld
let operator: Bus
let worker: TestProcess

beforeAll(async () => {
  world = await openWorkerWorld()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = world.nats.urlFor('console')
  operator = await openBus({ url, user: 'console', name: 'test', connectDeadlineMs: 5000, log })
  worker = await world.startWorker()
})

afterEach(async () => {
  await world.database.query('delete from omni2.user_blocks')
  await world.database.query('update auth_service.users set active = true')
})

afterAll(async () => {
  await operator[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const blocked = { type: 'error', code: 'blocked', error: 'Pay first' }

/** Longer than any test takes. */
const endless = '[[sim tokens=5000 pace=20]]'

async function begin(turn: Partial<TurnMessage> = {}): Promise<FollowedTurn & { turn: TurnMessage }> {
  const message = world.makeTurn(endless, turn)
  const followed = await world.send(message)
  await followed.heard('token')
  return { ...followed, turn: message }
}

const announce = (change: ControlMessage['change'], sid: string | null = null, user_id: number = userId) =>
  operator.publish(subjects.controlOfUser(user_id), JSON.stringify({ user_id, change, sid }))

const block = (id: number) =>
  world.database.query(
    `insert into omni2.user_blocks (user_id, is_blocked, custom_block_message) values (${id}, true, 'Pay first')`,
  )

const textOf = (frames: readonly ServerFrame[]) =>
  frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')

async function findRow({ session_id }: TurnMessage) {
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [session_id])
  return row
}

/** The settlements that the recorder gets of a turn. */
async function readSettlements({ session_id }: TurnMessage) {
  const flow = await world.readFlow(session_id)
  return flow.filter(({ kind }) => kind === 'settlement')
}

test('blocked - the running turn ends with the message, recorded and billed once', async () => {
  const { turn, frames, ended } = await begin()
  const other = await begin({ identity: { ...turn.identity, user_id: 3 } })
  await block(userId)
  announce('blocked')
  expect(await ended).toMatchObject(blocked)
  const row = await findRow(turn)
  expect(row).toMatchObject({ status: 'interrupted', answer: textOf(frames) })
  expect(Number(row?.['cost_usd'])).toBeGreaterThan(0)
  await expect.poll(() => readSettlements(turn)).toHaveLength(1)
  await expect
    .poll(() => world.model.log.list().filter(({ clientClosedAt }) => clientClosedAt))
    .toHaveLength(1)
  expect(other.frames.some(({ type }) => type === 'error')).toBe(false)
  await block(3)
  announce('blocked', null, 3)
  expect(await other.ended).toMatchObject(blocked)
})

test('deactivated - the running turn ends with the reason', async () => {
  const { turn, ended } = await begin()
  await world.database.query(`update auth_service.users set active = false where id = ${userId}`)
  announce('deactivated')
  expect(await ended).toMatchObject({ type: 'error', code: 'account_inactive', error: 'Account inactive' })
  expect(Number((await findRow(turn))?.['cost_usd'])).toBeGreaterThan(0)
})

test('logged out - turns of that login end, those of others go on', async () => {
  const stays = await begin()
  const sid = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e22'
  const leaves = await begin({ identity: { ...stays.turn.identity, sid } })
  await world.database.query(
    `insert into auth_service.sessions (sid, user_id, expires_at, revoked_at)
      values ($1, ${userId}, now() + interval '1 hour', now())`,
    [sid],
  )
  announce('logged_out', sid)
  expect(await leaves.ended).toMatchObject({ type: 'error', code: 'login_revoked' })
  // The notice is wrong, and the worker checks for itself.
  announce('deactivated')
  await block(userId)
  announce('blocked')
  expect(await stays.ended).toMatchObject(blocked)
})

test('a change without a notice is found at the next check', async () => {
  await worker.stop()
  worker = await world.startWorker({ RECHECK_INTERVAL_MS: '200' })
  const { ended } = await begin()
  await block(userId)
  expect(await ended).toMatchObject(blocked)
})
