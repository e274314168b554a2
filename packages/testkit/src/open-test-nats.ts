import { randomBytes } from 'node:crypto'
import { makeNatsConfig, type NatsUser, natsUsers } from '@omni2/contracts'
import { openGivenNats, type TestNats } from './nats/open-given-nats.ts'
import { openNatsContainer } from './nats/open-nats-container.ts'
import { openNatsProcess } from './nats/open-nats-process.ts'
import { currentRun } from './test-run.ts'

/** Starts a nats-server of the caller's own, with JetStream and the users of all services. */
export async function openTestNats(): Promise<TestNats> {
  const { nats, folder } = currentRun()
  if (nats.from === 'given') return openGivenNats(nats.url)
  const passwords = makePasswords()
  const config = makeNatsConfig(passwords)
  const server =
    nats.from === 'local' ? await openNatsProcess(config, { folder }) : await openNatsContainer(config)
  return Object.assign(server, { urlFor: (user: NatsUser) => urlWith(server.url, user, passwords[user]) })
}

function makePasswords(): Record<NatsUser, string> {
  const passwords: Partial<Record<NatsUser, string>> = {}
  for (const user of natsUsers) passwords[user] = randomBytes(12).toString('hex')
  return passwords as Record<NatsUser, string>
}

function urlWith(address: string, user: string, password: string): string {
  return address.replace('//', `//${user}:${password}@`)
}
