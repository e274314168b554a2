import { expect, test, vi } from 'vitest'
import { makeTurn, type MadeTurn } from './make-turn.ts'
import { openProxy } from './open-proxy.ts'
import { openStand } from './open-stand.ts'
import { findMisrecorded } from './read-records.ts'
import { readBatches, startRecorder } from './start-recorder.ts'

/** What a killed recorder had comes again after the ack_wait of 30 s. */
const redeliveryTimeout = 50_000
const testTimeout = 90_000
const waiting = { timeout: 20_000, interval: 50 }

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

test.concurrent(
  'kill -9 between commit and ack - the batch comes again to another recorder and changes nothing',
  { timeout: testTimeout },
  async () => {
    await using stand = await openStand()
    await using proxy = await openProxy(stand.database.url)
    await using first = await startRecorder({ nats: stand.nats, database: proxy })
    const turns = Array.from({ length: 10 }, () => makeTurn({ attempts: 2 }))

    // Its acks go nowhere: NATS is gone by the time the database lets it commit.
    proxy.hold()
    await stand.publish(turns.flatMap(({ messages }) => messages))
    await vi.waitFor(async () => {
      const { num_ack_pending } = await stand.manager.consumers.info('FLOW_EVENTS', 'flow-recorder')
      expect(num_ack_pending).toBe(turns.flatMap(({ messages }) => messages).length)
    }, waiting)
    await stand.nats.kill()
    proxy.release()
    const recorded = (recorder: typeof first) => sum(readBatches(recorder).map(({ events }) => events))
    // A busy recorder has taken them as several batches.
    const all = turns.flatMap(({ events }) => events).length
    await vi.waitFor(() => expect(recorded(first)).toBe(all), waiting)
    first.service.kill('SIGKILL')
    await first.service.exited
    expect(await findMisrecorded(stand.database, turns)).toEqual([])

    await stand.nats.restart()
    await using second = await startRecorder(stand)
    await stand.whenCaughtUp(redeliveryTimeout)
    expect(recorded(second)).toBe(0)
    expect(sum(readBatches(second).map(({ duplicates }) => duplicates))).toBe(all)
    expect(await findMisrecorded(stand.database, turns)).toEqual([])
  },
)

test.concurrent(
  'kill -9 of recorders under load - nothing lost, nothing twice',
  { timeout: testTimeout },
  async () => {
    await using stand = await openStand()
    await using _survivor = await startRecorder(stand, { RECORDER_BATCH_MESSAGES: '25' })
    const turns: MadeTurn[] = []
    for (let round = 1; round <= 3; round += 1) {
      await using victim = await startRecorder(stand, { RECORDER_BATCH_MESSAGES: '25' })
      const added = Array.from({ length: 70 }, () => makeTurn())
      turns.push(...added)
      const publishing = stand.publish(added.flatMap(({ messages }) => messages))
      await victim.service.log.waitFor(/"batch recorded"/)
      victim.service.kill('SIGKILL')
      await victim.service.exited
      await publishing
    }
    await stand.whenCaughtUp(redeliveryTimeout)
    expect(await findMisrecorded(stand.database, turns)).toEqual([])
  },
)
