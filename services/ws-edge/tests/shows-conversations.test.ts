import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { encodeTurnFrame, makeConversationId, subjects } from '@omni2/contracts'
import fc from 'fast-check'
import type { Chat } from './chat.ts'
import { result, type Attempt } from './scripted-worker.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge
let sibling: Awaited<ReturnType<TestEdge['startSibling']>>

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_SILENCE_MS: '5000', EDGE_ASK_AGAIN_MS: '50' } })
  sibling = await edge.startSibling()
})

beforeEach(() => {
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  edge.worker.result = edge.worker.readEnd
})

afterAll(() => edge[Symbol.asyncDispose]())

async function begin() {
  const chat = await edge.connect()
  const { conversation_id } = await chat.next('welcome')
  return { chat, conversationId: conversation_id }
}

async function view(conversationId: string, running: string | null = null, at = sibling): Promise<Chat> {
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [], running })
  const chat = await at.connect({ query: `?conversation_id=${conversationId}` })
  await chat.next('welcome')
  return chat
}

async function startTurn(chat: Chat, text = 'hello', fields: object = {}): Promise<Attempt> {
  chat.say(text, fields)
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  return attempt
}

test('viewers at different edges see every frame of every turn, also of each other’s messages', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  using one = await view(conversationId)
  using two = await view(conversationId)
  for (const sender of [chat, one, two]) {
    const attempt = await startTurn(sender)
    const sent = [attempt.send('started'), attempt.say('Grüße'), attempt.say(' 🌍'), attempt.finish()]
    for (const viewer of [chat, one, two])
      for (const bytes of sent) expect(await viewer.nextBytes()).toEqual(Buffer.from(bytes))
  }
  for (const viewer of [chat, one, two]) expect(await viewer.settle()).toEqual([])
})

test('joining in mid-turn - a snapshot first, then every frame', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  attempt.send('started')
  attempt.say('so far ')
  await attempt.own()
  using viewer = await view(conversationId, attempt.turn.session_id)
  expect(await viewer.next('snapshot')).toMatchObject({ attempt: 1, seq: 2, text: 'so far ' })
  const rest = [attempt.say('and on'), attempt.finish()]
  for (const bytes of rest) expect(await viewer.nextBytes()).toEqual(Buffer.from(bytes))
})

test('a turn that ended while the viewer joined - its end', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  const end = attempt.finish()
  edge.worker.result = () => ({ state: 'ended', frame: Buffer.from(end).toString() })
  using viewer = await view(conversationId, attempt.turn.session_id)
  expect(await viewer.nextBytes()).toEqual(Buffer.from(end))
})

const question = { question: 'Why is the sky blue?', replaces: makeConversationId() }
const askedTurn = ({ session_id }: { session_id: string }) => ({ session_id, ...question })
const asked = { ...question, digest: null }

test('the question - goes to every viewer with `started`, and not back to its sender', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  using viewer = await view(conversationId)
  const attempt = await startTurn(chat, question.question, { replaces: question.replaces })
  attempt.send('started', question)
  attempt.finish()
  expect(await viewer.next('started')).toMatchObject(askedTurn(attempt.turn))
  const started = await chat.next('started')
  expect(Object.keys(started)).toEqual(['type', 'session_id', 'attempt', 'from', 'seq'])
  for (const each of [chat, viewer]) await each.next('done')
})

test('the question - comes with the snapshot of a viewer who joins in mid-turn, has missed frames, or resumes elsewhere', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  using early = await view(conversationId)
  const attempt = await startTurn(chat, question.question, { replaces: question.replaces })
  await attempt.own(() => ({ ...attempt.snapshot, asked }))
  attempt.lose('started', question)
  attempt.say('so far ')
  const { session_id } = attempt.turn
  expect(await early.next('snapshot')).toMatchObject({ ...askedTurn(attempt.turn), text: 'so far ' })
  expect(await chat.next('snapshot')).not.toHaveProperty('question')
  using late = await view(conversationId, session_id)
  expect(await late.next('snapshot')).toMatchObject({ ...askedTurn(attempt.turn), text: 'so far ' })
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  using lost = await edge.connect({ query: `?conversation_id=${conversationId}` })
  const { resume_token } = await lost.next('welcome')
  lost.socket.terminate()
  using resumed = await sibling.connect()
  await resumed.next('welcome')
  resumed.send({ type: 'resume', resume_token, session_id })
  expect(await resumed.next('snapshot')).toMatchObject({ ...askedTurn(attempt.turn), text: 'so far ' })
  attempt.finish()
  for (const viewer of [early, chat, late, resumed]) await viewer.next('done')
})

test('the question - comes with the answer of a turn that ended while its viewer joined, or of which it heard only the end', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  attempt.lose('started')
  attempt.lose('token', { text: 'blue' })
  const { head, frame } = readEnd(attempt.loseEnd())
  edge.worker.result = () => ({
    state: 'ended',
    frame: Buffer.from(encodeTurnFrame(head, { ...frame, ...question })).toString(),
    asked,
  })
  using early = await view(conversationId)
  using late = await view(conversationId, attempt.turn.session_id)
  edge.worker.bus.publish(subjects.reply(attempt.turn, 'done'), encodeTurnFrame(head, frame))
  for (const viewer of [early, late]) {
    expect(await viewer.next('snapshot')).toMatchObject({ ...askedTurn(attempt.turn), text: 'blue' })
    expect(await viewer.next('done')).toMatchObject(askedTurn(attempt.turn))
    expect(await viewer.settle()).toEqual([])
  }
})

function readEnd(end: string) {
  const { type, session_id, attempt, from, seq, ...frame } = JSON.parse(end)
  return { head: { type, session_id, attempt, from, seq }, frame }
}

test('a turn that begins while the viewer connects - shown whole, and only after the welcome', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  edge.worker.open = () => {
    attempt.send('started')
    attempt.say('early')
    return { allowed: true, welcome: '', limits: [], running: null }
  }
  using viewer = await sibling.connect({ query: `?conversation_id=${conversationId}` })
  await viewer.next('welcome')
  attempt.finish()
  expect((await viewer.until('done')).map(({ type }) => type)).toEqual(['started', 'token', 'done'])
})

test('a client that is not admitted gets no frames', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  edge.worker.open = () => {
    attempt.say('secret')
    return { allowed: false, code: 'not_found', message: '' }
  }
  using other = await sibling.connect({
    assertion: { userId: 66 },
    query: `?conversation_id=${conversationId}`,
  })
  await other.next('error')
  attempt.finish()
  expect((await other.closed).code).toBe(4403)
  expect(other.left).toEqual([])
})

test('whatever is lost on the way, a viewer who joins at any time has no gap and nothing twice', async () => {
  const fates = fc.record({
    before: fc.nat(8),
    losses: fc.array(fc.boolean(), { minLength: 1, maxLength: 25 }),
    known: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fates, async ({ before, losses, known }) => {
      const { chat, conversationId } = await begin()
      using _chat = chat
      const attempt = await startTurn(chat)
      await attempt.own()
      let said = ''
      const say = (text: string, isLost: boolean) => {
        said += text
        if (isLost) attempt.lose('token', { text })
        else attempt.say(text)
      }
      for (let seq = 0; seq < before; seq += 1) say(`${seq} `, false)
      const joining = view(conversationId, known ? attempt.turn.session_id : null)
      for (const [seq, isLost] of losses.entries()) say(`${seq} `, isLost)
      using viewer = await joining
      say('last', false)
      const reader = readReply()
      while (reader.text !== said) reader.take(JSON.parse((await viewer.nextBytes()).toString()))
      attempt.finish()
      const left = (await viewer.until('done')).filter(({ type }) => type !== 'snapshot')
      expect(left).toHaveLength(1)
      await chat.until('done')
    }),
    { numRuns: 25 },
  )
})

/** What a viewer makes of the frames: it is never shown a position twice. */
function readReply() {
  const reply = { text: '', seq: 0 }
  return {
    get text() {
      return reply.text
    },
    take(frame: { type: string; seq: number; from: number; text: string }) {
      expect(['snapshot', 'token']).toContain(frame.type)
      expect(frame.seq).toBeGreaterThan(reply.seq)
      expect(frame.type === 'snapshot' || frame.from === reply.seq + 1).toBe(true)
      reply.text = frame.type === 'snapshot' ? frame.text : reply.text + frame.text
      reply.seq = frame.seq
    },
  }
}

test("a message sent while another viewer's turn runs - the worker's refusal, the turn undisturbed", async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const running = await startTurn(chat)
  running.say('one')
  using viewer = await view(conversationId, running.turn.session_id)
  viewer.say('me too')
  const refused = await edge.worker.takeTurn()
  refused.send('error', { error: 'busy', code: 'conversation_busy' })
  expect((await viewer.until('error')).map(({ type }) => type)).toContain('accepted')
  await running.own()
  running.say(' two')
  running.finish()
  expect((await viewer.until('done')).at(-1)).toMatchObject({ result: { answer: 'one two' } })
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['token', 'error', 'token', 'done'])
})

test('an end that is said again is shown once', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  using viewer = await view(conversationId)
  const attempt = await startTurn(chat)
  const end = attempt.finish()
  const subject = `chat.replies.${conversationId}.${attempt.turn.session_id}.done`
  edge.worker.bus.publish(subject, end)
  for (const one of [chat, viewer]) await one.next('done')
  const next = await startTurn(chat, 'next')
  next.finish()
  expect((await viewer.next('done')).session_id).toBe(next.turn.session_id)
})

test('an end that is published again is not shown to a later connection, also while that one opens', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  const end = attempt.send('done', { result: result(''), ended_at: '2026-11-01T12:00:00.000Z' })
  await chat.next('done')
  const subject = subjects.reply(attempt.turn, 'done')
  const sendAgain = async () => {
    edge.worker.bus.publish(subject, end)
    await edge.worker.bus.flush()
  }
  edge.worker.open = async () => {
    await sendAgain()
    return { allowed: true, welcome: '', limits: [], running: null, at: '2026-11-01T12:00:00.001Z' }
  }
  using late = await sibling.connect({ query: `?conversation_id=${conversationId}` })
  await late.next('welcome')
  await sendAgain()
  const refused = await startTurn(chat)
  const ended_at = '2026-11-01T12:00:00.002Z'
  refused.send('error', { error: 'No.', code: 'rate_limited', ended_at })
  expect(await late.next('error')).toMatchObject({ session_id: refused.turn.session_id, ended_at })
})

test('a viewer who resumes gets one answer, and each frame after it once', async () => {
  const { chat, conversationId } = await begin()
  using _chat = chat
  const attempt = await startTurn(chat)
  attempt.say('so far ')
  await attempt.own()
  using viewer = await sibling.connect({ query: `?conversation_id=${conversationId}` })
  const { resume_token } = await viewer.next('welcome')
  attempt.say('seen ')
  expect(await viewer.next('snapshot')).toMatchObject({ seq: 2 })
  const { session_id } = attempt.turn
  viewer.send({ type: 'resume', resume_token, session_id, attempt: 1, seq: 2 })
  await viewer.next('resumed')
  attempt.say('on')
  attempt.finish()
  expect((await viewer.until('done')).map(({ type }) => type)).toEqual(['token', 'done'])
})
