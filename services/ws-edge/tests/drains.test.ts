import { expect, test } from 'vitest'
import { connectEarly, takesConnections } from './connect-early.ts'
import { say } from './sse-stream.ts'
import { startEdge } from './start-edge.ts'

test('a drain lets running turns end, closes idle connections and refuses new ones', async () => {
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
  await expect(edge.connect()).rejects.toThrow('ECONNREFUSED')

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

test('an edge that stops serves as before until the balancer has had its time', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_NOTICE_MS: '15000' } })
  edge.service.kill('SIGTERM')
  await expect.poll(edge.isReady).toBe(false)
  using chat = await edge.connect({ assertion: { userId: 1 } })
  await chat.next('welcome')
  chat.say('a turn')
  const attempt = await edge.worker.takeTurn()
  const asking = say(edge, 'another', { userId: 2 })
  const other = await edge.worker.takeTurn()
  for (const each of [attempt, other]) each.finish()
  await chat.until('done')
  using stream = await asking
  expect(stream.status).toBe(200)
  expect((await stream.rest()).map(({ event }) => event)).toContain('done')
})

test('a client that connected before the edge stops listening is served, then closed', async () => {
  await using edge = await startEdge({
    env: { EDGE_DRAIN_SPREAD_MS: '15000', EDGE_DRAIN_DEADLINE_MS: '16000' },
  })
  const agents = await Promise.all(Array.from({ length: 40 }, () => connectEarly(edge)))
  edge.service.kill('SIGTERM')
  await expect.poll(() => takesConnections(edge)).toBe(false)
  const [first, ...rest] = agents
  const asking = say(edge, 'a turn', first ? { agent: first } : {})
  const attempt = await edge.worker.takeTurn()
  for (const agent of rest) {
    using chat = await edge.connect({ assertion: { userId: 2 }, agent })
    expect(await chat.next('goodbye')).toMatchObject({ code: 1012, resume: true })
  }
  attempt.finish()
  using stream = await asking
  expect(stream.status).toBe(200)
  expect((await stream.rest()).map(({ event }) => event)).toContain('done')
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})

test('a request after the deadline is refused', async () => {
  await using edge = await startEdge({
    env: { EDGE_DRAIN_DEADLINE_MS: '100', EDGE_CLOSE_DEADLINE_MS: '15000' },
  })
  using slow = await edge.connect()
  await slow.next('welcome')
  const [socket, stream] = await Promise.all([connectEarly(edge), connectEarly(edge)])
  slow.socket.pause()
  using busy = await edge.connect({ assertion: { userId: 2 } })
  busy.say('a turn')
  await edge.worker.takeTurn()
  edge.service.kill('SIGTERM')
  await busy.until('goodbye')
  await expect(edge.connect({ agent: socket })).rejects.toThrow('503')
  using refused = await say(edge, 'too late', { agent: stream })
  expect(refused.status).toBe(503)
  expect(refused.header('retry-after')).toBe('1')
  expect(refused.header('connection')).toBe('close')
  expect(await refused.refusal()).toMatchObject({ code: 'draining' })
})

test('an edge without connections stops at once, also while NATS is away', async () => {
  await using edge = await startEdge({
    // Beyond the shutdown deadline: an edge that waits for it ends with 1.
    env: { EDGE_DRAIN_SPREAD_MS: '600000', EDGE_DRAIN_DEADLINE_MS: '15000' },
  })
  await edge.nats.stop()
  await edge.service.log.waitFor(/nats connection lost/)
  await expect.poll(edge.isReady).toBe(false)
  edge.service.kill('SIGTERM')
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})

test('a client that left while it was let in to a running turn does not keep a stopping edge', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_DEADLINE_MS: '15000' } })
  const opening = Promise.withResolvers<void>()
  edge.worker.open = async () => {
    await opening.promise
    return { allowed: true, welcome: '', limits: [], running: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11' }
  }
  using left = await edge.connect({ query: '?conversation_id=0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e12' })
  await expect.poll(() => edge.worker.opened).toHaveLength(1)
  left.socket.terminate()
  await edge.service.log.waitFor(/connection closed/)
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  opening.resolve()
  // Its answer comes after that to the client that left.
  using stayed = await edge.connect({ assertion: { userId: 2 } })
  await stayed.next('welcome')
  edge.service.kill('SIGTERM')
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})
