import { bundleOf, findFreePort, openTestNats, startService, type TestNats } from '@omni2/testkit'
import { startAuthDouble, type AuthDouble } from './auth-double.ts'
import { openChat, type ChatOptions } from './chat.ts'
import { openScriptedWorker } from './scripted-worker.ts'

export const resumeSecret = 'v9Qd3nRk7TzLw1XbGyHc5MpEs8UaJf2W'

interface StartOptions {
  env?: Record<string, string>
  /** Whether the streams exist when the edge starts, and so whether its readiness is awaited. */
  ready?: boolean
}

/** An edge process with a nats-server, keys and a scripted worker of its own. */
export async function startEdge({ env = {}, ready = true }: StartOptions = {}) {
  await using resources = new AsyncDisposableStack()
  const nats = resources.use(await openTestNats())
  const worker = resources.use(await openScriptedWorker(nats))
  if (ready) await worker.start()
  const auth = resources.use(await startAuthDouble())
  const edge = resources.use(await launchEdge({ env, ready }, { nats, auth }))
  const owned = resources.move()
  return {
    ...edge,
    nats,
    worker,
    auth,
    /** Starts another edge of the same deployment, until this one is disposed. */
    startSibling: async () => owned.use(await launchEdge({ env, ready }, { nats, auth })),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

export type TestEdge = Awaited<ReturnType<typeof startEdge>>

async function launchEdge(
  { env, ready }: Required<StartOptions>,
  { nats, auth }: { nats: TestNats; auth: AuthDouble },
) {
  const healthPort = await findFreePort()
  const healthUrl = `http://127.0.0.1:${healthPort}`
  const service = await startService({
    name: 'ws-edge',
    entry: bundleOf('ws-edge'),
    env: {
      INSTANCE_NAME: 'edge-under-test',
      EDGE_PORT: '0',
      HEALTH_PORT: String(healthPort),
      NATS_URL: nats.urlFor('ws-edge'),
      AUTH_JWKS_URL: auth.jwksUrl,
      RESUME_TOKEN_SECRET: resumeSecret,
      EDGE_DRAIN_NOTICE_MS: '0',
      EDGE_DRAIN_SPREAD_MS: '100',
      EDGE_DRAIN_DEADLINE_MS: '2000',
      ...env,
    },
    ...(ready ? { readyUrl: `${healthUrl}/readyz` } : {}),
  })
  const listening: { port: number } = JSON.parse(await service.log.waitFor(/"msg":"listening"/))
  const url = `ws://127.0.0.1:${listening.port}/ws/chat`
  return {
    service,
    url,
    healthUrl,
    isReady: () => fetch(`${healthUrl}/readyz`).then(({ ok }) => ok),
    connect: (options: ChatOptions = {}) => openChat(url, auth, options),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}
