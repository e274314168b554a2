import { expect, test } from 'vitest'
import { startEdge } from './start-edge.ts'

test('a drain lets running turns end, sends idle connections away and refuses new ones', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_DEADLINE_MS: '15000' } })
  using idle = await edge.connect({ assertion: { userId: 1 } })
  using busy = await edge.connect({ assertion: { userId: 2 } })
  await idle.next('welcome')
  await busy.next('welcome')
  busy.say('a turn')
  const attempt = await edge.worker.takeTurn()
  await busy.next('accepted')
  busy.say('never begun', { client_msg_id: 'waiting' })
  await busy.settle()

  edge.service.kill('SIGTERM')
  expect(await idle.next('goodbye')).toMatchObject({
    code: 1012,
    resume: true,
    retry_after_ms: expect.any(Number),
  })
  expect((await idle.closed).code).toBe(1012)
  expect(await edge.isReady()).toBe(false)
  await expect(edge.connect()).rejects.toThrow('503')

  attempt.say('to the end')
  attempt.finish()
  expect((await busy.until('done')).map(({ type }) => type)).toEqual(['token', 'done'])
  expect(await busy.next('error')).toMatchObject({ code: 'unavailable', client_msg_id: 'waiting' })
  expect(await busy.next('goodbye')).toMatchObject({ code: 1012, resume: true })
  expect((await busy.closed).code).toBe(1012)
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})

test('a turn that runs on is left at the deadline', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_DEADLINE_MS: '300' } })
  using chat = await edge.connect()
  await chat.next('welcome')
  chat.say('a turn')
  const attempt = await edge.worker.takeTurn()
  attempt.say('and on ')
  await chat.until('token')
  edge.service.kill('SIGTERM')
  expect(await chat.next('goodbye')).toMatchObject({ code: 1012, resume: true })
  expect((await chat.closed).code).toBe(1012)
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})

test('an edge with nobody on it stops at once, also while NATS is away', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_NOTICE_MS: '15000' } })
  await edge.nats.stop()
  await edge.service.log.waitFor(/nats connection lost/)
  await expect.poll(edge.isReady).toBe(false)
  edge.service.kill('SIGTERM')
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})
