import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { inboxPrefixOf, type NatsUser } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { openTestNats, type TestNats } from '../src/index.ts'

function connectAs(user: NatsUser, nats: TestNats, timeout = 2000): Promise<NatsConnection> {
  const login = new URL(nats.urlFor(user))
  const { username: name, password: pass } = login
  return connect({
    servers: login.host,
    user: name,
    pass,
    timeout,
    inboxPrefix: inboxPrefixOf(user),
    reconnect: false,
  })
}

test('nats of a test - knows the users of the services and no others', async () => {
  await using nats = await openTestNats()
  const connection = await connectAs('chat-worker', nats)
  expect(connection.info?.auth_required).toBe(true)
  await connection.close()
  await expect(connect({ servers: new URL(nats.url).host })).rejects.toThrow(/Authorization/i)
})

test('restart, also after kill - keeps port and store', async () => {
  await using nats = await openTestNats()
  const before = await connectAs('migrate', nats)
  await (await jetstreamManager(before)).streams.add({ name: 'FLOW_EVENTS', subjects: ['flow.accepted.*'] })
  const edge = await connectAs('ws-edge', nats)
  await jetstream(edge).publish('flow.accepted.one', 'kept')
  const { pid } = nats
  await Promise.all([before.closed(), edge.closed(), nats.kill()])
  expect(nats.pid).toBeUndefined()
  await nats.restart()
  expect(nats.pid).not.toBe(pid)
  await nats.restart()

  const after = await connectAs('migrate', nats)
  const { state } = await (await jetstreamManager(after)).streams.info('FLOW_EVENTS')
  expect(state.messages).toBe(1)
  await after.close()
})

test('freeze - leaves sockets open and answers nothing until thaw', async () => {
  await using nats = await openTestNats()
  const connection = await connectAs('migrate', nats)
  await nats.freeze()
  await expect(connectAs('migrate', nats, 300)).rejects.toThrow(/timeout/i)
  const flushed = connection.flush()
  await nats.thaw()
  await flushed
  expect(connection.isClosed()).toBe(false)
  await connection.close()
})

test('two tests - have servers of their own', async () => {
  await using one = await openTestNats()
  await using other = await openTestNats()
  expect(one.url).not.toBe(other.url)
  expect(one.pid).not.toBe(other.pid)
})
