import type { NatsUser } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import type { TestNats } from '@omni2/testkit'
import { openBus, type Bus } from '../src/index.ts'

/** Connects as one of the services. */
export const openUserBus = (nats: TestNats, user: NatsUser): Promise<Bus> => {
  const log = openLogger({ name: 'test', instance: user, level: 'silent' })
  return openBus({ url: nats.urlFor(user), user, name: user, connectDeadlineMs: 5000, log })
}
