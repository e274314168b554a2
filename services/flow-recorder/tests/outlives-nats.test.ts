import { expect, test, vi } from 'vitest'
import { makeTurn } from './make-turn.ts'
import { openStand } from './open-stand.ts'
import { findMisrecorded } from './read-records.ts'
import { launchRecorder, startRecorder, whenAnswered, whenReady } from './start-recorder.ts'

test('NATS goes and returns - not ready meanwhile, then it records again by itself', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  const [before, after] = [makeTurn(), makeTurn()]
  await stand.publish(before.messages)
  await stand.whenCaughtUp()
  await stand.nats.stop()
  await whenAnswered(recorder, { status: 503, missing: { nats: expect.any(String) } })
  await stand.nats.restart()
  await whenReady(recorder)
  await stand.publish(after.messages)
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, [before, after])).toEqual([])
})

test('SIGTERM while NATS is away - ends with 0', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  await stand.nats.stop()
  await whenAnswered(recorder, { status: 503, missing: { nats: expect.any(String) } })
  expect(await recorder.service.stop()).toEqual({ code: 0, signal: null })
})

test('its consumer is deleted - it creates it again and records the messages after it', async () => {
  await using stand = await openStand()
  await using _recorder = await startRecorder(stand)
  const [before, after] = [makeTurn(), makeTurn()]
  await stand.publish(before.messages)
  await stand.whenCaughtUp()
  await stand.manager.consumers.delete('FLOW_EVENTS', 'flow-recorder')
  await vi.waitFor(() => stand.manager.consumers.info('FLOW_EVENTS', 'flow-recorder'), { timeout: 20_000 })
  await stand.whenCaughtUp()
  await stand.publish(after.messages)
  await stand.whenCaughtUp()
  expect(await findMisrecorded(stand.database, [before, after])).toEqual([])
})

test('its streams are deleted - not ready at most until it has made them again', async () => {
  await using stand = await openStand()
  await using recorder = await startRecorder(stand)
  await stand.manager.streams.delete('DEAD_LETTERS')
  await stand.manager.streams.delete('FLOW_EVENTS')
  await vi.waitFor(() => stand.manager.consumers.info('FLOW_EVENTS', 'flow-recorder'), { timeout: 20_000 })
  await stand.manager.streams.info('DEAD_LETTERS')
  const turn = makeTurn()
  await stand.publish(turn.messages)
  await stand.whenCaughtUp()
  await whenReady(recorder)
  expect(await findMisrecorded(stand.database, [turn])).toEqual([])
})

test('its consumer is not as needed - it says so and ends', async () => {
  await using stand = await openStand()
  await stand.manager.consumers.delete('FLOW_EVENTS', 'flow-recorder')
  await stand.manager.consumers.add('FLOW_EVENTS', {
    durable_name: 'flow-recorder',
    ack_policy: 'explicit',
    max_deliver: 3,
  })
  await using recorder = await launchRecorder(stand)
  expect(await recorder.service.exited).toEqual({ code: 1, signal: null })
  expect(recorder.service.log.tail()).toContain('max_deliver is 3, not -1')
})
