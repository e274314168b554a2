import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Gate } from './gate.ts'

/** What has come through, in its order. */
function pass(gate: Gate, signal: AbortSignal, names: string[]): string[] {
  const passed: string[] = []
  for (const name of names) void gate.opened(signal).then(() => passed.push(name))
  return passed
}

test('lets callers through while it is open, and all that waited when it opens', async () => {
  const gate = new Gate()
  const { signal } = new AbortController()
  await gate.opened(signal)
  gate.set(false)
  const passed = pass(gate, signal, ['a', 'b'])
  await nextTurn()
  expect([gate.isOpen, passed]).toEqual([false, []])
  gate.set(true)
  await nextTurn()
  expect([gate.isOpen, passed]).toEqual([true, ['a', 'b']])
})

test('lets callers through at the signal', async () => {
  const gate = new Gate()
  gate.set(false)
  const stopping = new AbortController()
  const passed = pass(gate, stopping.signal, ['a'])
  stopping.abort()
  await nextTurn()
  expect([gate.isOpen, passed]).toEqual([false, ['a']])
})
