import { bundleOf, startService, type TestDatabase, type TestNats, type TestProcess } from '@omni2/testkit'
import { expect, vi } from 'vitest'

export interface TestRecorder extends AsyncDisposable {
  readonly service: TestProcess
  readonly healthUrl: string
}

type Servers = { database: Pick<TestDatabase, 'url'>; nats: TestNats }

/** A recorder process; resolves when it is ready. */
export async function startRecorder(
  servers: Servers,
  env: Record<string, string> = {},
): Promise<TestRecorder> {
  const recorder = await launchRecorder(servers, env)
  await whenReady(recorder)
  return recorder
}

/** A recorder process; resolves when it can be asked whether it is ready. */
export async function launchRecorder(
  servers: Servers,
  env: Record<string, string> = {},
): Promise<TestRecorder> {
  const service = await startService({
    name: 'flow-recorder',
    entry: bundleOf('flow-recorder'),
    env: {
      DATABASE_URL: servers.database.url,
      NATS_URL: servers.nats.urlFor('flow-recorder'),
      LOG_LEVEL: 'debug',
      RECORDER_RETRY_MAX_MS: '500',
      ...env,
    },
  })
  const listening: { health_port: number } = JSON.parse(await service.log.waitFor(/"listening"/))
  return {
    service,
    healthUrl: `http://127.0.0.1:${listening.health_port}`,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

export const whenReady = (recorder: TestRecorder) => whenAnswered(recorder, { status: 200 })

/** Until its `/readyz` says this. */
export const whenAnswered = (recorder: TestRecorder, answer: object) =>
  vi.waitFor(async () => expect(await askReady(recorder)).toMatchObject(answer), {
    timeout: 20_000,
    interval: 50,
  })

/** What `/readyz` says now. */
export async function askReady({ healthUrl }: TestRecorder): Promise<{ status: number; missing?: object }> {
  const response = await fetch(`${healthUrl}/readyz`)
  const body = (await response.json()) as { missing?: object }
  return { status: response.status, ...(body.missing ? { missing: body.missing } : {}) }
}

/** The facts of every batch it has logged. */
export function readBatches({ service }: TestRecorder) {
  return service.log
    .lines()
    .filter((line) => line.includes('"batch recorded"'))
    .map((line): { events: number; duplicates: number; settlements: number; parked: number } =>
      JSON.parse(line),
    )
}
