import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chat } from './chat.ts'
import { result, type Attempt } from './scripted-worker.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

/** More than the kernel's buffers of both ends can take. */
const pieces = 24_000
const piece = '0123456789abcdef'.repeat(64)

async function startTurn(edge: TestEdge, userId: number): Promise<{ chat: Chat; attempt: Attempt }> {
  const chat = await edge.connect({ assertion: { userId } })
  await chat.next('welcome')
  chat.say('say much')
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  chat.viewer.leaveOut(attempt.turn.session_id)
  return { chat, attempt }
}

/**
 * Streams more to a reader that has stopped reading than waits for it. Frames from one worker arrive in order: once
 * another reader has the last one, the edge has handled all before.
 */
async function streamPastPausedReader(edge: TestEdge) {
  const [slow, other] = [await startTurn(edge, 1), await startTurn(edge, 2)]
  slow.chat.socket.pause()
  for (let sent = 0; sent < pieces; sent += 1) slow.attempt.say(piece)
  slow.attempt.send('done', { result: result('more than fits into one message') })
  other.attempt.finish()
  await other.chat.next('done')
  return [slow, other] as const
}

/** A socket that is being closed has time for its last frames, and the edge none for sockets that stay. */
const patient = { EDGE_CLOSE_DEADLINE_MS: '20000', EDGE_DRAIN_DEADLINE_MS: '100' }

test('a reader that stops for a while gets everything, merged', async () => {
  await using edge = await startEdge({
    env: { EDGE_OUTBOX_MAX_BYTES: '100000000', EDGE_OUTBOX_STALL_MS: '60000' },
  })
  const [slow, other] = await streamPastPausedReader(edge)
  slow.chat.socket.resume()
  const frames = await slow.chat.until('done')
  const tokens = frames.slice(0, -1)
  let last = 0
  for (const token of tokens) {
    expect(token).toMatchObject({ type: 'token', attempt: 1, from: last + 1 })
    last = Number(token['seq'])
  }
  expect(last).toBe(pieces)
  expect(tokens.map(({ text }) => text).join('') === piece.repeat(pieces)).toBe(true)
  expect(tokens.length).toBeLessThan(pieces)
  for (const { chat } of [slow, other]) chat[Symbol.dispose]()
})

describeClosing()

function describeClosing(): void {
  let edge: TestEdge

  beforeAll(async () => {
    edge = await startEdge({
      env: { EDGE_OUTBOX_MAX_BYTES: '200000', EDGE_CLOSE_DEADLINE_MS: '700', EDGE_OUTBOX_STALL_MS: '60000' },
    })
  })

  afterAll(() => edge[Symbol.asyncDispose]())

  test('a reader with too much waiting gets a goodbye and is closed with 1013', async () => {
    await using bounded = await startEdge({ env: { EDGE_OUTBOX_MAX_BYTES: '200000', ...patient } })
    const [slow, other] = await streamPastPausedReader(bounded)
    slow.chat.socket.resume()
    const frames = await slow.chat.until('goodbye')
    expect(frames.at(-1)).toMatchObject({ code: 1013, resume: true, retry_after_ms: expect.any(Number) })
    expect(frames.some(({ type }) => type === 'done')).toBe(false)
    expect((await slow.chat.closed).code).toBe(1013)
    expect(await other.chat.settle()).toEqual([])
    other.chat[Symbol.dispose]()
  })

  test('all that waits together is bounded: who is furthest behind is closed, the others stay', async () => {
    await using small = await startEdge({
      env: {
        EDGE_OUTBOX_MAX_BYTES: '100000000',
        EDGE_OUTBOXES_MAX_BYTES: '1000000',
        EDGE_OUTBOX_STALL_MS: '60000',
        ...patient,
      },
    })
    const [slow, other] = await streamPastPausedReader(small)
    await small.service.log.waitFor(/"user_id":1.*"reader is too slow"/)
    slow.chat.socket.resume()
    expect((await slow.chat.until('goodbye')).at(-1)).toMatchObject({ code: 1013 })
    other.chat.say('still here')
    const next = await small.worker.takeTurn()
    await other.chat.next('accepted')
    next.finish()
    await other.chat.next('done')
    other.chat[Symbol.dispose]()
  })

  test('one that never reads again is cut off', async () => {
    const [slow, other] = await streamPastPausedReader(edge)
    const closed: object = JSON.parse(await edge.service.log.waitFor(/"code":1013.*"connection closed"/))
    expect(closed).toMatchObject({ clean: false, user_id: 1 })
    expect(await other.chat.settle()).toEqual([])
    for (const { chat } of [slow, other]) chat[Symbol.dispose]()
  })

  test('one that takes nothing for too long is closed, however little waits', async () => {
    await using stalling = await startEdge({
      env: {
        EDGE_OUTBOX_MAX_BYTES: '100000000',
        EDGE_OUTBOX_STALL_MS: '300',
        ...patient,
      },
    })
    const [slow, other] = await streamPastPausedReader(stalling)
    await expect
      .poll(
        () =>
          slow.chat.socket.isPaused &&
          stalling.service.log.lines().some((line) => line.includes('reader is too slow')),
        {
          timeout: 10_000,
        },
      )
      .toBe(true)
    slow.chat.socket.resume()
    expect((await slow.chat.until('goodbye')).at(-1)).toMatchObject({ code: 1013 })
    for (const { chat } of [slow, other]) chat[Symbol.dispose]()
  })
}
