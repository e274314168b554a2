import type { NatsUser } from '@omni2/contracts'
import type { NatsControls } from './open-nats-process.ts'

export interface TestNats extends NatsControls {
  /** With the name and the password of a service's user. */
  urlFor(user: NatsUser): string
}

/**
 * The server of TEST_NATS_URL, which may name a user and a password: all services share them, and tests that
 * stop or freeze their server fail. Its streams are shared too: run one test file at a time.
 */
export function openGivenNats(url: string): TestNats {
  const refuse = async () => {
    throw new Error('this test stops or freezes its nats-server: unset TEST_NATS_URL to run it')
  }
  const address = new URL(url)
  return {
    url: `nats://${address.host}`,
    urlFor: (_user: NatsUser) => url,
    pid: undefined,
    stop: refuse,
    kill: refuse,
    restart: refuse,
    freeze: refuse,
    thaw: refuse,
    [Symbol.asyncDispose]: async () => {},
  }
}
