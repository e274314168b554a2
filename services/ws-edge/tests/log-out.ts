import { openBus } from '@omni2/bus'
import { subjects, type ControlMessage } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import type { TestEdge } from './start-edge.ts'

/** Announces to the edge, as `auth` does, that all logins of a user have ended. */
export async function logOut({ nats }: Pick<TestEdge, 'nats'>, user_id: number): Promise<void> {
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = nats.urlFor('auth')
  await using bus = await openBus({ url, user: 'auth', name: 'test', connectDeadlineMs: 5000, log })
  const message: ControlMessage = { user_id, change: 'logged_out', sid: null }
  bus.publish(subjects.controlOfUser(user_id), JSON.stringify(message))
}
