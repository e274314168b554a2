import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { never, openToolWorld, room, type ToolWorld } from './tool-world.ts'

/** Makes the server break off every request of one tool after it was received; returns how often that happened. */
function breakOff(world: ToolWorld): () => number {
  let count = 0
  world.notes.intercept = (request, response) => {
    count += 1
    request.resume().on('end', () => response.destroy())
  }
  return () => count
}

test('survives - an answer that is lost - a tool that only reads is called again, another one is not', async () => {
  await using world = await openToolWorld({ env: { MCP_BREAKER_FAILURES: '100' } })
  await world.names()
  const breaks = breakOff(world)
  expect(await world.call('write_note', { text: 'x' })).toMatchObject({ status: 'error', rule: 'all' })
  expect(breaks()).toBe(1)
  expect(await world.call('read_note')).toMatchObject({ status: 'error' })
  expect(breaks()).toBe(4)
  world.notes.intercept = undefined
  expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
})

test('survives - a server that breaks off in the middle of a call - an error at once, not its timeout', async () => {
  await using world = await openToolWorld()
  const calling = world.call('wait')
  await expect.poll(() => world.notes.answering, room).toContain('tools/call')
  world.notes.dropConnections()
  const outcome = await calling
  expect(outcome).toMatchObject({ status: 'error' })
  expect(outcome.content).toContain('broke off')
})

test('survives - a server that fails in a row - left alone', async () => {
  await using world = await openToolWorld({
    env: { MCP_BREAKER_FAILURES: '2', MCP_BREAKER_OPEN_MS: '600000' },
  })
  await world.names()
  const breaks = breakOff(world)
  await world.call('write_note', { text: 'x' })
  // The first of these failures is its call's, the second that of the next one's connection.
  await world.call('write_note', { text: 'x' })
  const outcome = await world.call('write_note', { text: 'x' })
  expect(outcome.content).toContain('left alone for a while')
  expect(breaks()).toBe(2)
})

test('survives - a server that was left alone - tried again after a while', async () => {
  await using world = await openToolWorld({ env: { MCP_BREAKER_FAILURES: '1', MCP_BREAKER_OPEN_MS: '1' } })
  await world.names()
  breakOff(world)
  await world.call('write_note', { text: 'x' })
  world.notes.intercept = undefined
  await expect.poll(async () => (await world.call('write_note', { text: 'x' })).status, room).toBe('ok')
})

/** A world whose server has just been left alone, and is tried again by the next call. */
async function openFailedWorld(): Promise<ToolWorld> {
  const world = await openToolWorld({ env: { MCP_BREAKER_FAILURES: '1', MCP_BREAKER_OPEN_MS: '0' } })
  await world.names()
  breakOff(world)
  await world.call('write_note', { text: 'x' })
  world.notes.intercept = undefined
  expect(world.toolbox.countLeftAlone()).toBe(1)
  return world
}

test('survives - a server that is tested again - other calls do not wait for it', async () => {
  await using world = await openFailedWorld()
  const trying = world.call('wait')
  await expect.poll(() => world.notes.calls('wait').length, room).toBe(1)
  expect((await world.call('read_note')).content).toContain('left alone for a while')
  world.notes.release()
  expect(await trying).toMatchObject({ status: 'ok' })
  expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
})

test('survives - tools that fail by themselves - do not count against their server', async () => {
  await using world = await openToolWorld({ env: { MCP_BREAKER_FAILURES: '1' } })
  for (let round = 0; round < 3; round += 1)
    expect(await world.call('fail')).toMatchObject({ status: 'error' })
  expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
})

test('survives - more calls than there are places - the rest wait', async () => {
  await using world = await openToolWorld({ env: { MCP_PARALLEL_CALLS: '2' } })
  await world.names()
  const calls = [world.call('wait'), world.call('wait'), world.call('read_note')]
  await expect.poll(() => world.notes.calls('wait').length, room).toBe(2)
  expect(world.notes.calls('read_note')).toEqual([])
  world.notes.release()
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok'])
})

test('survives - a process on standard streams - has no secrets of ours, and is started again when it dies', async () => {
  const script = fileURLToPath(new URL('stdio-double.ts', import.meta.url))
  const command = { command: process.execPath, args: [script], env: { GIVEN: 'yes' } }
  await using world = await openToolWorld({ env: { MCP_STDIO_SERVERS: JSON.stringify({ notes: command }) } })
  await world.database.query(`update omni2.mcp_servers set protocol = 'stdio', url = 'unused'`)
  expect(await world.names()).toEqual(['notes__die', 'notes__freeze', 'notes__show_environment'])
  const { content } = await world.call('show_environment')
  expect(content).toContain('"GIVEN":"yes"')
  expect(content).not.toMatch(/VITEST|NODE_ENV/)
  expect(process.env).toHaveProperty('VITEST')
  expect(await world.call('die')).toMatchObject({ status: 'error' })
  expect(await world.call('show_environment')).toMatchObject({ status: 'ok' })
})

test('survives - a process that hangs - another one is started', async () => {
  const script = fileURLToPath(new URL('stdio-double.ts', import.meta.url))
  const servers = JSON.stringify({ notes: { command: process.execPath, args: [script] } })
  await using world = await openToolWorld({
    env: {
      MCP_STDIO_SERVERS: servers,
      MCP_CALL_TIMEOUT_MS: '5000',
      MCP_BREAKER_FAILURES: '1',
      MCP_BREAKER_OPEN_MS: '0',
    },
  })
  await world.database.query(`update omni2.mcp_servers set protocol = 'stdio', url = 'unused'`)
  await world.names()
  expect(await world.call('freeze')).toMatchObject({ status: 'timeout' })
  await expect.poll(async () => (await world.call('show_environment')).status, room).toBe('ok')
})

test('survives - rows that cannot be read - the last ones serve on', async () => {
  await using world = await openToolWorld()
  await world.names()
  await world.database.query('alter table omni2.mcp_servers rename column auth_type to hidden')
  expect((await world.toolbox.list(['notes'], never)).tools).toHaveLength(7)
  expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
})

test('health - a server that no turn uses - is looked at, and noted for operators as it is', async () => {
  await using world = await openToolWorld({ env: { MCP_LIST_MAX_AGE_MS: '1000' } })
  const readHealth = async () =>
    (
      await world.database.query<{ health_status: string | null; is_new: boolean }>(
        `select health_status, last_health_check > now() at time zone 'UTC' - interval '1 minute' as is_new
         from omni2.mcp_servers where name = 'notes'`,
      )
    )[0]
  await expect.poll(readHealth, room).toEqual({ health_status: 'healthy', is_new: true })
  breakOff(world)
  world.notes.dropConnections()
  await expect.poll(readHealth, room).toMatchObject({ health_status: 'unhealthy' })
  world.notes.intercept = undefined
  await expect.poll(readHealth, room).toMatchObject({ health_status: 'healthy' })
})
