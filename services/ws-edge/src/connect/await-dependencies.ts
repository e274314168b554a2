import { checkStreams, keepStreams, type Bus } from '@omni2/bus'
import { retry, type Logger, type Readiness } from '@omni2/service-kit'
import type { RemoteJWKSet } from 'jose'

interface AwaitDeps {
  readonly bus: Pick<Bus, 'openManager' | 'listen'>
  readonly keys: Pick<RemoteJWKSet, 'reload'> | undefined
  readonly readiness: Readiness
  readonly stopping: AbortSignal
  readonly log: Logger
}

const pauseMs = 500

/** Follows what an edge cannot work without until stopping: the bus, its streams and the keys of `auth`. Never throws. */
export async function awaitDependencies(deps: AwaitDeps): Promise<void> {
  const { bus, readiness } = deps
  readiness.meet('nats')
  bus.listen({
    onLost: () => readiness.miss('nats', 'connection lost'),
    onRestored: () => readiness.meet('nats'),
  })
  await Promise.all([
    keepStreams({ ...deps, check: () => findStreams(deps) }),
    meetOnce('keys', async () => deps.keys?.reload(), deps),
  ])
}

async function findStreams({ bus }: AwaitDeps): Promise<void> {
  await checkStreams(await bus.openManager(), ['CHAT_TURNS', 'FLOW_EVENTS'])
}

async function meetOnce(
  condition: string,
  find: () => Promise<void>,
  { readiness, stopping, log }: AwaitDeps,
): Promise<void> {
  if (stopping.aborted) return
  const onFailure = (err: unknown) => {
    log.debug({ err, condition }, 'not ready')
    readiness.miss(condition, err instanceof Error ? err.message : String(err))
  }
  await retry(find, { pauseMs, onFailure, signal: stopping }).then(
    () => readiness.meet(condition),
    () => {},
  )
}
