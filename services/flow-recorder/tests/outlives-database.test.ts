import { fillDisk } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { makeTurn, type MadeTurn } from './make-turn.ts'
import { openProxy } from './open-proxy.ts'
import { openStand, type Stand } from './open-stand.ts'
import { findMisrecorded } from './read-records.ts'
import { askReady, launchRecorder, startRecorder, whenAnswered, type TestRecorder } from './start-recorder.ts'

const makeTurns = (count: number) => Array.from({ length: count }, () => makeTurn())

async function openCuttableStand() {
  const resources = new AsyncDisposableStack()
  const stand = resources.use(await openStand())
  const proxy = resources.use(await openProxy(stand.database.url))
  return { stand, proxy, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

const publishAll = (turns: readonly MadeTurn[], stand: Stand) =>
  stand.publish(turns.flatMap(({ messages }) => messages))

function readPauses({ service }: TestRecorder): number[] {
  return service.log
    .lines()
    .filter((line) => line.includes('"batch not written"'))
    .map((line): number => JSON.parse(line).pause_ms)
}

test('the database goes and returns - tried with growing pauses, not ready meanwhile, nothing lost', async () => {
  await using open = await openCuttableStand()
  const { stand, proxy } = open
  await using recorder = await startRecorder({ nats: stand.nats, database: proxy })
  const [before, during] = [makeTurns(20), makeTurns(150)]
  await publishAll(before, stand)
  await stand.whenCaughtUp()

  await proxy.cut()
  await publishAll(during, stand)
  await recorder.service.log.waitFor(/"pause_ms":500,.*"batch not written"/)
  expect(await askReady(recorder)).toEqual({ status: 503, missing: { database: expect.any(String) } })
  expect(readPauses(recorder).slice(0, 4)).toEqual([100, 200, 400, 500])
  // A batch in hand and one pull ahead; the rest waits in the stream.
  const { num_ack_pending } = await stand.manager.consumers.info('FLOW_EVENTS', 'flow-recorder')
  expect(num_ack_pending).toBeLessThanOrEqual(1000)

  await proxy.mend()
  await stand.whenCaughtUp()
  expect(await askReady(recorder)).toEqual({ status: 200 })
  expect(await findMisrecorded(stand.database, [...before, ...during])).toEqual([])
})

test('connections are ended again and again under load - nothing lost, nothing twice', async () => {
  await using stand = await openStand()
  await using _recorder = await startRecorder(stand, { RECORDER_BATCH_MESSAGES: '20' })
  const turns = makeTurns(100)
  const publishing = publishAll(turns, stand)
  for (let round = 0; round < 20; round += 1) {
    await stand.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'flow-recorder%'`,
    )
  }
  await publishing
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, turns)).toEqual([])
})

test('the database falls back to a node that only reads - away, and no message is blamed for it', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  const [before, during] = [makeTurns(2), makeTurns(3)]
  await publishAll(before, stand)
  await stand.whenCaughtUp()
  const { pathname } = new URL(stand.database.url)
  const setReadOnly = (value: string) =>
    stand.database.query(
      `begin read write; alter database ${pathname.slice(1)} set default_transaction_read_only = ${value}; commit`,
    )
  await setReadOnly('on')
  await stand.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'flow-recorder%'`,
  )
  await publishAll(during, stand)
  await recorder.service.log.waitFor(/read-only.*"batch not written"/)
  expect(await askReady(recorder)).toEqual({ status: 503, missing: { database: expect.any(String) } })
  await setReadOnly('off')
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, [...before, ...during])).toEqual([])
  expect(await stand.readDeadLetters()).toEqual([])
})

test('no database at the start - nothing is taken until it comes', async () => {
  await using open = await openCuttableStand()
  const { stand, proxy } = open
  await proxy.cut()
  const turns = makeTurns(3)
  await publishAll(turns, stand)
  await using recorder = await launchRecorder({ nats: stand.nats, database: proxy })
  await whenAnswered(recorder, { status: 503, missing: { database: 'does not answer' } })
  expect(await stand.manager.consumers.info('FLOW_EVENTS', 'flow-recorder')).toMatchObject({
    num_ack_pending: 0,
    num_pending: turns.flatMap(({ messages }) => messages).length,
  })
  await proxy.mend()
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, turns)).toEqual([])
})

test('SIGTERM while the database is away - ends with 0 and gives back what it had', async () => {
  await using open = await openCuttableStand()
  const { stand, proxy } = open
  await using recorder = await startRecorder({ nats: stand.nats, database: proxy })
  await proxy.cut()
  const turns = makeTurns(5)
  await publishAll(turns, stand)
  await recorder.service.log.waitFor(/"batch not written"/)
  expect(await recorder.service.stop()).toEqual({ code: 0, signal: null })

  await using _next = await startRecorder(stand)
  await stand.whenCaughtUp(15_000)
  expect(await findMisrecorded(stand.database, turns)).toEqual([])
})

test('a column is missing - no message counts as bad, all are recorded once it is back', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  await stand.database.query('alter table omni2.interaction_flows drop column conversation_id')
  const turns = makeTurns(3)
  await publishAll(turns, stand)
  await recorder.service.log.waitFor(/"batch not written"/)
  await stand.database.query('alter table omni2.interaction_flows add column conversation_id uuid')
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, turns)).toEqual([])
  expect(await stand.readDeadLetters()).toEqual([])
})

test('the disk of the database is full - no message is blamed for it, and all is recorded when there is room', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  const makeRoom = await fillDisk('omni2.flow_events', stand.database)
  const turns = makeTurns(5)
  await publishAll(turns, stand)
  await recorder.service.log.waitFor(/No space left on device.*"batch not written"/)
  await makeRoom()
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, turns)).toEqual([])
  expect(await stand.readDeadLetters()).toEqual([])
})
