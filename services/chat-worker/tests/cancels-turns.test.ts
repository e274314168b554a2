import { afterAll, beforeAll, expect, test } from 'vitest'
import { requests, type TurnMessage } from '@omni2/contracts'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
  await world.startWorker()
})
afterAll(() => world[Symbol.asyncDispose]())

const cancel = (session_id: string, request: { user_id?: number; accepted?: boolean } = {}) =>
  world.edge.request(
    requests.cancel,
    { session_id, user_id: userId, by: 'user', accepted: false, ...request },
    { timeoutMs: 5000 },
  )

async function findRow({ session_id }: TurnMessage) {
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [session_id])
  return row
}

test('a running turn ends as cancelled, with the reply so far and its cost; the stream of the model is closed', async () => {
  const turn = world.makeTurn('Long [[sim tokens=500 pace=20]]')
  const { frames, heard, ended } = await world.send(turn)
  await heard('token')
  expect(await cancel(turn.session_id)).toEqual({ state: 'requested' })
  const end = await ended
  if (end.type !== 'cancelled') throw new Error(`ended with ${end.type}`)
  const said = frames.flatMap((frame) => (frame.type === 'token' ? [frame.text] : [])).join('')
  expect(end.result).toMatchObject({ answer: said, stop_reason: 'cancelled', estimated: true })
  expect(end.result.cost_usd).toBeGreaterThan(0)
  expect(await findRow(turn)).toMatchObject({ status: 'cancelled', answer: said })
  await expect.poll(() => world.model.log.list()[0]?.clientClosedAt).not.toBeNull()
  expect(await cancel(turn.session_id)).toEqual({ state: 'ended' })
})

test('the reply of a cancelled turn is part of the history', async () => {
  const turn = world.makeTurn('Write [[sim tokens=500 pace=20]]')
  const { heard, ended } = await world.send(turn)
  await heard('token')
  await cancel(turn.session_id)
  const end = await ended
  await (
    await world.send(world.makeTurn('Go on', { conversation_id: turn.conversation_id }))
  ).ended
  const messages = readMessages()
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  expect(messages[1]?.content).toBe(end.type === 'cancelled' ? end.result.answer : undefined)
})

test('a turn that is cancelled before its claim never reaches the model', async () => {
  const asked = world.model.log.list().length
  const turn = world.makeTurn('Never mind')
  expect(await cancel(turn.session_id, { accepted: true })).toEqual({ state: 'requested' })
  expect(await (await world.send(turn)).ended).toMatchObject({
    type: 'cancelled',
    result: { answer: '', cost_usd: 0, iterations: 0 },
  })
  expect(world.model.log.list()).toHaveLength(asked)
  expect(await findRow(turn)).toMatchObject({
    status: 'cancelled',
    conversation_id: turn.conversation_id,
    user_text: 'Never mind',
  })
  const recorded = await world.readFlow(turn.session_id)
  expect(recorded).toContainEqual(
    expect.objectContaining({
      event: expect.objectContaining({
        event_type: 'llm_complete',
        data: expect.objectContaining({ stop_reason: 'cancelled', cost_usd: 0 }),
      }),
    }),
  )
  expect(recorded.filter(({ kind }) => kind === 'settlement')).toHaveLength(1)
})

test('a turn of another user looks unknown, and goes on', async () => {
  const turn = world.makeTurn('Mine [[sim tokens=30 pace=20]]')
  const { heard, ended } = await world.send(turn)
  await heard('token')
  expect(await cancel(turn.session_id, { user_id: 3 })).toEqual({ state: 'unknown' })
  expect(await cancel(turn.session_id, { user_id: 3, accepted: true })).toEqual({ state: 'unknown' })
  expect(await cancel(world.makeTurn('').session_id)).toEqual({ state: 'unknown' })
  expect((await ended).type).toBe('done')
})

test('an edited message replaces the first one and all later ones', async () => {
  const ask = async (text: string, turn: Partial<TurnMessage> = {}) => {
    const message = world.makeTurn(text, { conversation_id: first.conversation_id, ...turn })
    await (
      await world.send(message)
    ).ended
    return message
  }
  const first = world.makeTurn('One')
  await (
    await world.send(first)
  ).ended
  const second = await ask('Two')
  await ask('Three')
  const edited = await ask('Two, edited', { replaces: second.session_id })
  expect(
    readMessages()
      .map(({ content }) => textOf(content))
      .filter(isAsked),
  ).toEqual(['One', 'Two, edited'])
  await ask('Four')
  expect(
    readMessages()
      .map(({ content }) => textOf(content))
      .filter(isAsked),
  ).toEqual(['One', 'Two, edited', 'Four'])
  await ask('Two, edited again', { replaces: edited.session_id })
  expect(
    readMessages()
      .map(({ content }) => textOf(content))
      .filter(isAsked),
  ).toEqual(['One', 'Two, edited again'])
})

test('a turn that replaces an unknown turn, or one of another user, is refused', async () => {
  const other = world.makeTurn('Elsewhere')
  await (
    await world.send(other)
  ).ended
  for (const replaces of [other.session_id, world.makeTurn('').session_id]) {
    const { ended } = await world.send(world.makeTurn('Replace', { replaces }))
    expect(await ended).toMatchObject({ type: 'error', code: 'not_found' })
  }
})

const isAsked = (text: string) => /^(One|Two|Three|Four)/.test(text)

const textOf = (content: string | { text: string }[]): string =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('')

/** Messages of the last request to the model. */
function readMessages(): { role: string; content: string | { text: string }[] }[] {
  const [request] = world.model.log.list()
  return JSON.parse(world.model.log.find(request?.request ?? '')?.body ?? '{}').messages
}
