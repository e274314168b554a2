import { openBus } from '@omni2/bus'
import { makeQuestionDigest, requests } from '@omni2/contracts'
import { claimTurn } from '@omni2/db'
import { openLogger } from '@omni2/service-kit'
import { describe, test } from 'vitest'
import { fillDisk, openFaultProxy, readMetrics } from '@omni2/testkit'
import { standStillText } from './stand-still.ts'
import { openWorkerWorld, openWorldDatabase, type WorkerWorld } from './worker-world.ts'

const standStill = new URL('stand-still.ts', import.meta.url).href

/** The model falls silent after some tokens of its first answer, and answers whole the second time. */
const stalled = 'Stall [[sim tokens=40 stall@5 fail-first=1 key=stall]]'

/** The text of a reader that clears it at each restart. */
function readReply(frames: readonly { type: string; text?: unknown }[]): string {
  const from = frames.findLastIndex(({ type }) => type === 'restart') + 1
  return frames
    .slice(from)
    .filter(({ type }) => type === 'token')
    .map(({ text }) => String(text))
    .join('')
}

async function findRow(turnId: string, world: WorkerWorld) {
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [turnId])
  return row
}

describe.concurrent('chat-worker', () => {
  test('a turn of a killed worker is answered again by another one, recorded and billed once', async ({
    expect,
  }) => {
    await using world = await openWorkerWorld()
    const first = await world.startWorker()
    const turn = world.makeTurn(stalled)
    const { frames, heard, ended } = await world.send(turn)
    await heard('token')
    first.kill('SIGKILL')
    await world.startWorker()
    const done = await ended
    expect(done).toMatchObject({ type: 'done', attempt: 2 })
    if (done.type !== 'done') throw new Error('not done')
    expect(readReply(frames)).toBe(done.result.answer)
    const row = await findRow(turn.session_id, world)
    expect(row).toMatchObject({ status: 'done', attempt: 2, tokens_output: 40 })
    expect(Number(row?.['abandoned_cost_usd'])).toBeGreaterThan(0)
    const settlements = async () =>
      (await world.readFlow(turn.session_id)).filter(({ kind }) => kind === 'settlement')
    await expect.poll(settlements).toHaveLength(1)
  })

  test('the turns of a killed worker are returned to the queue by another one', async ({ expect }) => {
    await using world = await openWorkerWorld()
    const first = await world.startWorker()
    const turns = await Promise.all(
      Array.from({ length: 20 }, () => world.send(world.makeTurn('Long [[sim tokens=40 stall@5]]'))),
    )
    await Promise.all(turns.map(({ heard }) => heard('token')))
    const second = await world.startWorker()
    first.kill('SIGKILL')
    await Promise.all(turns.map(({ heard }) => heard('restart')))
    expect((await readMetrics(second.url)).get('omni2_worker_returned_turns_total')).toBe(20)
  })

  test('a turn stays with an owner that answers late, as after an outage of NATS', async ({ expect }) => {
    await using world = await openWorkerWorld()
    await using owner = await openBus({
      user: 'chat-worker',
      name: 'owner',
      url: world.nats.urlFor('chat-worker'),
      connectDeadlineMs: 5000,
      log: openLogger({ name: 'test', instance: 'owner', level: 'silent' }),
    })
    const turn = world.makeTurn('Owned by another')
    await using database = openWorldDatabase(world)
    await claimTurn(turn, { worker: 'owner', deadlineMs: 60_000, digest: makeQuestionDigest(turn) }, database)
    let asked = 0
    owner.answer(requests.owner.alive(turn.session_id), () => {
      asked += 1
      // The first question gets no answer in time.
      return asked === 1 ? new Promise(() => {}) : Promise.resolve({ attempt: 1, worker: 'owner' })
    })
    await owner.flush()
    await world.startWorker()
    await world.send(turn)
    await expect.poll(() => asked).toBeGreaterThanOrEqual(2)
    await (
      await world.send(world.makeTurn('Hello'))
    ).ended
    expect(await findRow(turn.session_id, world)).toMatchObject({ status: 'running', attempt: 1 })
  })

  test(
    'a turn that stops the event loop of two workers ends before it reaches a third',
    { timeout: 120_000 },
    async ({ expect }) => {
      await using world = await openWorkerWorld()
      // A busy machine lets a process stand still for a second, too.
      const env = { EVENT_LOOP_STALL_MS: '3000', NODE_OPTIONS: `--import=${standStill}` }
      const workers = [await world.startWorker(env), await world.startWorker(env)]
      const poison = world.makeTurn(standStillText)
      const { ended } = await world.send(poison)
      const ends = await Promise.all(workers.map(({ exited }) => exited))
      expect(ends).toEqual(workers.map(() => ({ code: null, signal: 'SIGKILL' })))
      const third = await world.startWorker({ ...env, EVENT_LOOP_STALL_MS: '10000' })
      const { ended: otherEnded } = await world.send(world.makeTurn('Hello'))
      expect(await ended).toMatchObject({ type: 'error', code: 'internal', attempt: 3 })
      expect(await otherEnded).toMatchObject({ type: 'done', attempt: 1 })
      expect(third.hasExited()).toBe(false)
      const events = await world.readFlow(poison.session_id)
      expect(events).toContainEqual(
        expect.objectContaining({
          event: expect.objectContaining({
            event_type: 'error',
            data: expect.objectContaining({ detail: 'two workers stood still in it' }),
          }),
        }),
      )
    },
  )

  test('a worker that is stopped lets its turn end first', async ({ expect }) => {
    await using world = await openWorkerWorld()
    const worker = await world.startWorker()
    const { heard, ended } = await world.send(world.makeTurn('Slow [[sim tokens=60 pace=20]]'))
    await heard('token')
    worker.kill('SIGTERM')
    expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
    expect(await worker.exited).toEqual({ code: 0, signal: null })
  })

  test('a turn that outlasts the shutdown is given to another worker at once', async ({ expect }) => {
    await using world = await openWorkerWorld()
    const first = await world.startWorker({ SHUTDOWN_DEADLINE_MS: '10000' })
    const turn = world.makeTurn(stalled)
    const { heard, ended } = await world.send(turn)
    await heard('token')
    await world.startWorker()
    first.kill('SIGTERM')
    expect(await heard('restart')).toMatchObject({ attempt: 2, seq: 1 })
    expect(await ended).toMatchObject({ type: 'done', attempt: 2 })
    const row = await findRow(turn.session_id, world)
    const [, released] = world.model.log.list()
    if (!released?.usage) throw new Error('the first attempt reached no model')
    const { input_tokens } = released.usage
    // The first attempt is charged its input and an estimate of its output; it had reserved a whole reply.
    expect(row?.['abandoned_tokens']).toBeGreaterThan(input_tokens)
    expect(row?.['abandoned_tokens']).toBeLessThan(input_tokens + 100)
    const dearest = (input_tokens * 2.5 + 100 * 10) / 1e6
    expect(Number(row?.['abandoned_cost_usd'])).toBeGreaterThan(0)
    expect(Number(row?.['abandoned_cost_usd'])).toBeLessThan(dearest)
  })

  test('a worker that was frozen until its turn was taken over stays silent', async ({ expect }) => {
    await using world = await openWorkerWorld()
    const frozen = await world.startWorker()
    const turn = world.makeTurn('Freeze [[sim tokens=150 pace=20]]')
    const { frames, heard, ended } = await world.send(turn)
    await heard('token')
    frozen.kill('SIGSTOP')
    const other = await world.startWorker()
    const done = await ended
    // Its connection is open, so it is not known to be dead: the queue delivers the turn again.
    expect((await readMetrics(other.url)).get('omni2_worker_returned_turns_total')).toBe(0)
    expect(done).toMatchObject({ type: 'done', attempt: 2 })
    frozen.kill('SIGCONT')
    const next = world.makeTurn('Both workers are here again')
    await (
      await world.send(next)
    ).ended
    expect(frames.filter((frame) => frame.type === 'done')).toHaveLength(1)
    expect(
      frames
        .slice(frames.findIndex(({ type }) => type === 'restart'))
        .every((frame) => 'attempt' in frame && frame.attempt === 2),
    ).toBe(true)
    expect(await findRow(turn.session_id, world)).toMatchObject({ status: 'done', attempt: 2 })
  })

  test('a turn goes on streaming while its database is away or only reads, and ends when it is back', async ({
    expect,
  }) => {
    await using world = await openWorkerWorld()
    const worker = await world.startWorker()
    const { pathname } = new URL(world.database.url)
    const setReadOnly = (value: string) =>
      world.database.query(
        `begin read write; alter database ${pathname.slice(1)} set default_transaction_read_only = ${value}; commit`,
      )
    const turn = world.makeTurn('Slow [[sim tokens=60 pace=20]]')
    const { heard, ended } = await world.send(turn)
    await heard('token')
    await setReadOnly('on')
    await world.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    await worker.log.waitFor(/read-only.*"postgres away/)
    await setReadOnly('off')
    expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
    expect(await findRow(turn.session_id, world)).toMatchObject({ status: 'done' })
  })

  test('a full disk of Postgres - turns wait, and end when there is room again', async ({ expect }) => {
    await using world = await openWorkerWorld()
    const worker = await world.startWorker()
    const running = await world.send(world.makeTurn('Slow [[sim tokens=40 pace=20]]'))
    await running.heard('token')
    const makeRoom = await fillDisk('omni2.turns', world.database)
    const waiting = await world.send(world.makeTurn('Hello'))
    await worker.log.waitFor(/No space left on device.*"postgres has no room or memory: trying again"/)
    await makeRoom()
    expect(await running.ended).toMatchObject({ type: 'done', attempt: 1 })
    expect(await waiting.ended).toMatchObject({ type: 'done', attempt: 1 })
    expect(worker.hasExited()).toBe(false)
  })

  test('a worker that is cut off from NATS - another one answers its turns, and it ends none', async ({
    expect,
  }) => {
    await using world = await openWorkerWorld()
    const url = new URL(world.nats.urlFor('chat-worker'))
    await using proxy = await openFaultProxy({ targetPort: Number(url.port) })
    url.port = String(proxy.port)
    await world.startWorker({ NATS_URL: url.href })
    const turn = world.makeTurn('Cut [[sim tokens=150 pace=20]]')
    const { frames, heard, ended } = await world.send(turn)
    await heard('token')
    proxy.stall()
    await world.startWorker()
    expect(await ended).toMatchObject({ type: 'done', attempt: 2 })
    proxy.resume()
    const next = await world.send(world.makeTurn('Both are here again'))
    await next.ended
    // Tokens that were on their way come late, and edges drop them.
    expect(frames.filter(({ type }) => ['done', 'error', 'cancelled'].includes(type))).toHaveLength(1)
    expect(await findRow(turn.session_id, world)).toMatchObject({ status: 'done', attempt: 2 })
    const settlements = async () =>
      (await world.readFlow(turn.session_id)).filter(({ kind }) => kind === 'settlement')
    await expect.poll(settlements).toHaveLength(1)
  })

  test('a turn that ran through an outage of NATS publishes its end afterwards', async ({ expect }) => {
    await using world = await openWorkerWorld()
    await world.startWorker()
    const turn = world.makeTurn('Outage [[sim tokens=20 pace=50]]')
    const { heard, ended } = await world.send(turn)
    await heard('token')
    await world.nats.restart()
    expect(await ended).toMatchObject({ type: 'done' })
    expect(await findRow(turn.session_id, world)).toMatchObject({ status: 'done', attempt: 1 })
  })

  test('an attempt in doubt keeps silent while its database is away, and its worker lives', async ({
    expect,
  }) => {
    await using world = await openWorkerWorld()
    await using proxy = await openFaultProxy({ targetPort: Number(new URL(world.database.url).port) })
    const behindProxy = new URL(world.database.url)
    behindProxy.port = String(proxy.port)
    const worker = await world.startWorker({
      DATABASE_URL: behindProxy.href,
      DATABASE_STATEMENT_TIMEOUT_MS: '500',
    })
    const turn = world.makeTurn('Doubt [[sim tokens=60 pace=20]]')
    const { heard, ended } = await world.send(turn)
    await heard('token')
    proxy.stall()
    await world.nats.restart()
    await worker.log.waitFor(/postgres away/)
    proxy.resume()
    proxy.dropAll()
    expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
    expect(worker.hasExited()).toBe(false)
  })
})
