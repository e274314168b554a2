import type { Reply, ReplyEvent } from '@omni2/client'
import { ChatError } from '@omni2/client'
import { expect, test } from 'vitest'
import { printReply } from './print-reply.ts'

/** What a screen shows of these events, notes in brackets, and whether it was a good end. */
async function print(events: ReplyEvent[], result: () => Promise<never> | Promise<unknown>) {
  let shown = ''
  const reply = {
    async *events() {
      yield* events
    },
    result,
  }
  const screen = { text: (text: string) => (shown += text), note: (line: string) => (shown += `[${line}]\n`) }
  const isAnswered = await printReply(reply as unknown as Reply, screen)
  return { shown, isAnswered }
}

test('notes stand on lines of their own', async () => {
  const { shown, isAnswered } = await print(
    [
      { type: 'accepted', session_id: 's' },
      { type: 'token', text: 'Let me look.' },
      { type: 'tool_call', mcp: 'files', tool: 'list', call_id: 'c', input: { path: '/' } },
      { type: 'tool_result', call_id: 'c', status: 'timeout', duration_ms: 30 },
      { type: 'token', text: 'No.\n' },
      { type: 'waiting' },
      { type: 'warning', message: 'nearly over' },
    ],
    async () => ({}),
  )
  expect(shown).toBe(
    'Let me look.\n[tool files.list {"path":"/"}]\n[tool timeout after 30 ms]\nNo.\n' +
      '[no sign of life from the turn; waiting]\n[warning: nearly over]\n',
  )
  expect(isAnswered).toBe(true)
})

test('a restart is shown as a note, because printed text stays', async () => {
  const { shown } = await print(
    [
      { type: 'token', text: 'old' },
      { type: 'restart' },
      { type: 'reset', text: '' },
      { type: 'token', text: 'new' },
    ],
    async () => ({}),
  )
  expect(shown).toBe('old\n[the reply begins again]\nnew')
})

test('a failure shows its code and is no good end', async () => {
  const error = new ChatError('rate_limited', 'Too many requests in a minute.')
  const { shown, isAnswered } = await print([{ type: 'error', error }], () => Promise.reject(error))
  expect(shown).toBe('[rate_limited: Too many requests in a minute.]\n')
  expect(isAnswered).toBe(false)
})
