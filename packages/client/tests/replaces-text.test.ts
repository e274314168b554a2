import { expect, test } from 'vitest'
import { accepted, done, token, turnFrame } from './frames.ts'
import { openChat, readAll } from './open-chat.ts'

/** The text of a page that adds tokens and applies resets; it must equal the reply's text after every event. */
async function play(frames: object[]) {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), ...frames]) open.socket.send(frame)
  await reply.result()
  // Nothing of these was missing, so nothing was asked for.
  expect(open.socket.waiting).toBe(0)
  const events = await readAll(reply)
  let shown = ''
  for (const event of events) {
    if (event.type === 'token') shown += event.text
    if (event.type === 'reset') shown = event.text
  }
  expect(shown).toBe(reply.text)
  return { text: reply.text, events: events.slice(1, -1), reply }
}

test('a new attempt begins the reply again', async () => {
  const { text, events, reply } = await play([
    token([1, 1], 'old'),
    turnFrame('restart', [2, 1]),
    token([1, 2], ' from the fenced attempt'),
    token([2, 2], 'new'),
    done([2, 3], 'new'),
  ])
  expect(text).toBe('new')
  expect(events).toEqual([
    { type: 'token', text: 'old' },
    { type: 'restart' },
    { type: 'reset', text: '' },
    { type: 'token', text: 'new' },
  ])
  const pieces: string[] = []
  for await (const piece of reply) pieces.push(piece)
  expect(pieces).toEqual(['old', '', 'new'])
})

test('a snapshot replaces text that it does not go on from', async () => {
  const { events } = await play([
    token([1, 1], 'old'),
    turnFrame('snapshot', [2, 7], { text: 'new text' }),
    token([2, 8], '!'),
    done([2, 9], 'new text!'),
  ])
  expect(events).toEqual([
    { type: 'token', text: 'old' },
    { type: 'snapshot', text: 'new text' },
    { type: 'reset', text: 'new text' },
    { type: 'token', text: '!' },
  ])
})

test('the end brings what is missing of the text, and replaces what is wrong', async () => {
  expect((await play([token([1, 1], 'One'), done([1, 5], 'One two')])).events).toEqual([
    { type: 'token', text: 'One two' },
  ])
  const replaced = await play([token([1, 1], 'old'), done([2, 5], 'new')])
  expect(replaced.events.at(-1)).toEqual({ type: 'reset', text: 'new' })
})

test('frames that come twice count once', async () => {
  const frames = [token([1, 1], 'a'), token([1, 1], 'a'), token([1, 2], 'b'), token([1, 1], 'a')]
  expect((await play([...frames, done([1, 3], 'ab')])).text).toBe('ab')
})
