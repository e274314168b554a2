import { describe, test } from 'vitest'
import { AnswerTimeoutError } from '@omni2/bus'
import { type CancelReply, requests, type TurnMessage } from '@omni2/contracts'
import { openFaultProxy } from '@omni2/testkit'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

/** Longer than any wait here, so that only a cancel ends it in time. */
const long = 'Long [[sim tokens=3000 pace=100]]'

async function sendLong(world: WorkerWorld) {
  const turn = world.makeTurn(long)
  const sent = await world.send(turn)
  await sent.heard('token')
  return { turn, ...sent }
}

/** Asks until a worker answers: NATS may hand a request to the connection that was just cut. */
async function cancel({ session_id }: TurnMessage, world: WorkerWorld): Promise<CancelReply> {
  const request = { session_id, user_id: userId, by: 'user', accepted: false } as const
  for (;;) {
    try {
      return await world.edge.request(requests.cancel, request, { timeoutMs: 1000 })
    } catch (error) {
      if (!(error instanceof AnswerTimeoutError)) throw error
    }
  }
}

describe.concurrent('a cancel that did not reach the worker of its turn', () => {
  test('is applied when that worker is connected again', async ({ expect }) => {
    await using world = await openWorkerWorld()
    const url = new URL(world.nats.urlFor('chat-worker'))
    await using proxy = await openFaultProxy({ targetPort: Number(url.port) })
    url.port = String(proxy.port)
    await world.startWorker({ NATS_URL: url.href })
    const { turn, ended } = await sendLong(world)
    await world.startWorker()
    proxy.stall()
    proxy.dropAll()
    expect(await cancel(turn, world)).toEqual({ state: 'requested' })
    proxy.resume()
    expect(await ended).toMatchObject({ type: 'cancelled', attempt: 1 })
  })

  test('is found in the row of the turn', async ({ expect }) => {
    await using world = await openWorkerWorld()
    await world.startWorker({ RECHECK_INTERVAL_MS: '300' })
    const { turn, ended } = await sendLong(world)
    await world.database.query('update omni2.turns set cancel_requested_at = now() where session_id = $1', [
      turn.session_id,
    ])
    expect(await ended).toMatchObject({ type: 'cancelled', attempt: 1 })
  })
})
