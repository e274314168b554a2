import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openReplySchema,
  recheckReplySchema,
  resultReplySchema,
  subjects,
  type RecheckRequest,
} from '@omni2/contracts'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
  await world.startWorker()
})
afterAll(() => world[Symbol.asyncDispose]())

const recheck = (...logins: RecheckRequest['logins']) =>
  world.edge.request(subjects.recheck, { logins }, { reply: recheckReplySchema, timeoutMs: 5000 })

test('chat.recheck - names who may no longer chat, with the words of chat.open', async () => {
  const login = { user_id: userId, sid: 'login' }
  const other = { user_id: 3, sid: 'login' }
  const nobody = { user_id: 77, sid: 'login' }
  expect(await recheck(login, other, nobody)).toEqual({
    refused: [{ ...nobody, code: 'account_inactive', message: '' }],
  })
  await world.database.query(
    `insert into omni2.user_blocks (user_id, is_blocked, custom_block_message) values (3, true, 'Pay first')`,
  )
  expect(await recheck(login, other)).toEqual({
    refused: [{ ...other, code: 'blocked', message: 'Pay first' }],
  })
  await world.database.query(`update omni2.user_blocks set blocked_services = '{mcp}' where user_id = 3`)
  expect(await recheck(login, other)).toEqual({ refused: [] })
})

test('chat.open - tells which turn of the reopened conversation runs, and when that was by the clock of the ends', async () => {
  const turn = world.makeTurn('Slowly [[sim tokens=400]]')
  const open = () =>
    world.edge.request(
      subjects.open,
      { identity: turn.identity, conversation_id: turn.conversation_id },
      { reply: openReplySchema, timeoutMs: 5000 },
    )
  const { heard, ended } = await world.send(turn)
  await heard('started')
  const meanwhile = await open()
  expect(meanwhile).toMatchObject({ allowed: true, running: turn.session_id })
  const { ended_at } = await ended
  const afterwards = await open()
  expect(afterwards).toMatchObject({ allowed: true, running: null })
  const [asked, over, askedAgain] = [meanwhile, { at: ended_at }, afterwards].map((each) =>
    Date.parse(('at' in each && String(each.at)) || ''),
  )
  expect(over).toBeGreaterThanOrEqual(asked ?? NaN)
  expect(askedAgain).toBeGreaterThanOrEqual(over ?? NaN)
})

test('chat.result - a turn that is accepted and not claimed yet is queued, for its own user only', async () => {
  const { session_id, identity } = world.makeTurn('Later')
  await world.database.query(
    `insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, occurred_at, outcome, data)
      values ($1, 0, 0, $2, 'ws', '0.0', 'accepted', now(), 'passed', '{}')`,
    [session_id, identity.user_id],
  )
  const ask = (user_id: number) =>
    world.edge.request(
      subjects.result,
      { session_id, user_id },
      { reply: resultReplySchema, timeoutMs: 5000 },
    )
  expect(await ask(identity.user_id)).toEqual({ state: 'queued' })
  expect(await ask(3)).toEqual({ state: 'unknown' })
})
