import { expect, test } from 'vitest'
import { openToolWorld, room } from './tool-world.ts'

test.each(['sessions', 'sessionless'] as const)(
  'cancels - a running call of a server with %s - notified at once, and its late result is ignored',
  async (era) => {
    await using world = await openToolWorld({ era })
    await world.names()
    const stop = new AbortController()
    const calling = world.call('wait', {}, stop.signal)
    const call = await world.notes.heard(({ method }) => method === 'tools/call')
    stop.abort(new Error('a secret reason'))
    expect(await calling).toMatchObject({ status: 'cancelled', tool: 'wait', rule: 'all' })
    const cancelled = await world.notes.heard(({ method }) => method === 'notifications/cancelled')
    expect(cancelled.params).toMatchObject({ requestId: call.id })
    expect(JSON.stringify(cancelled.params)).not.toContain('secret')
    await expect.poll(() => world.notes.aborted, room).toEqual(['wait'])
    world.notes.release()
    expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
  },
)

test('cancels - a call before it was sent - nothing is sent', async () => {
  await using world = await openToolWorld()
  await world.names()
  expect(await world.call('write_note', { text: 'x' }, AbortSignal.abort())).toMatchObject({
    status: 'cancelled',
  })
  expect(world.notes.calls('write_note')).toEqual([])
})

test('cancels - the worker closes - running calls end as cancelled', async () => {
  const world = await openToolWorld()
  const calling = world.call('wait')
  await world.notes.heard(({ method }) => method === 'tools/call')
  const closing = world[Symbol.asyncDispose]()
  expect(await calling).toMatchObject({ status: 'cancelled' })
  await closing
})

test('cancels - a call that takes too long - timeout, and the server is notified', async () => {
  await using world = await openToolWorld({ env: { MCP_CALL_TIMEOUT_MS: '1500' } })
  // A listing has no more time than a call, and is repeated until it succeeds.
  await expect.poll(() => world.names().catch(() => []), room).toContain('notes__wait')
  const outcome = await world.call('wait')
  expect(outcome).toMatchObject({ status: 'timeout' })
  await world.notes.heard(({ method }) => method === 'notifications/cancelled')
})
