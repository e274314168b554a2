import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inboxPrefixOf, natsUsers } from '@omni2/contracts'
import { openNats } from '@omni2/local-servers'
import { findFreePort, openTestNats } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { findBusProblems } from '../src/index.ts'

const replicas = 1

async function openServer(config: string) {
  const dataDir = await mkdtemp(join(tmpdir(), 'omni2-nats-'))
  const server = await openNats({ dataDir, config, log: () => {} })
  const remove = () => rm(dataDir, { recursive: true, force: true })
  return {
    url: server.url,
    place: new URL(server.url).host,
    [Symbol.asyncDispose]: () => server.stop().then(remove),
  }
}

test('a server as needed - has no problems, and none of its own making is left', async () => {
  await using nats = await openTestNats()
  expect(await findBusProblems(nats.urlFor('migrate'), { replicas })).toEqual([
    expect.stringContaining('user migrate may not subscribe to'),
    expect.stringContaining('user migrate may not publish to'),
  ])
  await using open = await openServer('max_payload: 8388608\n')
  expect(await findBusProblems(open.url, { replicas })).toEqual([])
  expect(await findBusProblems(open.url, { replicas })).toEqual([])
})

test('a server with the defaults of nats-server - takes too small messages', async () => {
  await using nats = await openServer('')
  expect(await findBusProblems(nats.url, { replicas })).toEqual([
    `NATS at ${nats.place} takes messages of 1048576 bytes at most, and long turns need 8388608; set "max_payload: 8388608" in its configuration`,
  ])
})

test('no server, or wrong credentials - says where and what to correct, never a password', async () => {
  const place = `127.0.0.1:${await findFreePort()}`
  expect(await findBusProblems(`nats://u:hush@${place}`, { replicas })).toEqual([
    expect.stringMatching(
      new RegExp(`^no NATS answers at ${place} \\(.+\\); start it, or correct NATS_URL$`),
    ),
  ])
  await using nats = await openTestNats()
  const login = nats.url.replace('//', '//ws-edge:hush@')
  expect(await findBusProblems(login, { replicas })).toEqual([
    `NATS at ${new URL(nats.url).host} refuses user ws-edge; correct user and password in NATS_URL`,
  ])
})

test('several addresses, the first of them dead - asks the one that lives', async () => {
  await using nats = await openServer('max_payload: 8388608\n')
  const dead = `nats://127.0.0.1:${await findFreePort()}`
  expect(await findBusProblems(`${dead},${nats.url}`, { replicas })).toEqual([])
})

test.each([
  ['no JetStream', '', 'has no JetStream that answers'],
  [
    'little room',
    'jetstream: { max_mem: 1MB, max_file: 700MB }',
    'cannot keep CHAT_TURNS, FLOW_EVENTS, DEAD_LETTERS of 1879048192 bytes in files: ',
  ],
])('an account with %s - says what to raise', async (_name, settings, problem) => {
  const users = 'users: [{ user: a, password: hush }]'
  await using nats = await openServer(
    `max_payload: 8388608\naccounts: { B: { jetstream: enabled }, A: { ${settings}\n${users} } }\n`,
  )
  const url = nats.url.replace('//', '//a:hush@')
  expect(await findBusProblems(url, { replicas })).toEqual([
    expect.stringMatching(`^NATS at ${nats.place} ${problem}`),
  ])
})

test('a user with some permissions - gets a list of all that are missing', async () => {
  const heardSubjects = [...natsUsers.map((user) => `${inboxPrefixOf(user)}.>`), 'chat.>']
  const allowed = `{ publish: { allow: ["$JS.API.>", "chat.>"] }, subscribe: { allow: ${JSON.stringify(heardSubjects)} } }`
  await using nats = await openServer(
    `max_payload: 8388608\nauthorization: { users: [{ user: a, password: p, permissions: ${allowed} }] }\n`,
  )
  const [heard, said, ...others] = await findBusProblems(nats.url.replace('//', '//a:p@'), { replicas })
  expect(heard).toContain(
    'user a may not subscribe to control.user.*, control.tools, control.prices, flow.live.*, dead.*; allow it',
  )
  expect(said).toContain(
    'user a may not publish to flow.events.omni2-check, flow.accepted.omni2-check, dead.omni2-check; allow it',
  )
  expect(others).toEqual([])
})
