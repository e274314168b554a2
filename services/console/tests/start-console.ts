import { ensureStreams, openBus } from '@omni2/bus'
import type { NatsUser } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { bundleOf, openTestDatabase, openTestNats, startService } from '@omni2/testkit'
import { expect } from 'vitest'
import { startSigner } from './sign-assertions.ts'

export const apiPath = '/api/admin/v1'

/** Users of every standing, by name; ids as seeded. */
export const users = { ada: 1, sue: 2, oli: 3, vera: 4, ina: 5, stranger: 6 } as const

export type UserName = keyof typeof users

/** Who is what: two may change, one may look, the others nothing. */
export const seed = `
  insert into auth_service.roles (id, name, mcp_access, rate_limit, cost_limit_daily) values
    (1, 'admin', '{*}', 100, 10), (2, 'super_admin', '{*}', 100, 10), (3, 'operator', '{}', 100, 10),
    (4, 'viewer', '{}', 60, 5);
  select setval(pg_get_serial_sequence('auth_service.roles', 'id'), 4);
  insert into auth_service.users (id, username, name, role_id, active) values
    (1, 'ada', 'Ada', 1, true), (2, 'sue', 'Sue', 2, true), (3, 'oli', 'Oli', 3, true),
    (4, 'vera', 'Vera', 4, true), (5, 'ina', 'Ina', 1, false), (6, 'stranger', 'Stranger', null, true);
  select setval(pg_get_serial_sequence('auth_service.users', 'id'), 6);
  insert into auth_service.sessions (sid, user_id, expires_at)
    select ('00000000-0000-4000-8000-00000000000' || id)::uuid, id, now() + interval '1 hour' from auth_service.users;
`

const sidOf = (userId: number): string => `00000000-0000-4000-8000-00000000000${userId}`

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into every shape of answer
  readonly body: any
}

interface CallOptions {
  readonly as?: UserName
  /** Path of the API, unless given that of operators. */
  readonly api?: '/api/admin/v1' | '/api/v1'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** What the assertion is made for, where that is not the request. */
  readonly signed?: { method?: string; path?: string; audience?: string }
}

/** A console process on servers of its own, with a user of every standing and a listener on its bus. */
export async function startConsole(env: Record<string, string> = {}) {
  await using opening = new AsyncDisposableStack()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const signer = opening.use(await startSigner())
  const database = opening.use(await openTestDatabase())
  await database.query(seed)
  const nats = opening.use(await openTestNats())
  const connect = (user: NatsUser) =>
    openBus({ url: nats.urlFor(user), user, name: `test ${user}`, connectDeadlineMs: 10_000, log })
  const worker = opening.use(await connect('chat-worker'))
  await ensureStreams(await worker.openManager(), {
    streams: ['CHAT_TURNS', 'FLOW_EVENTS', 'DEAD_LETTERS'],
    consumer: 'chat-worker',
  })
  const service = opening.use(
    await startService({
      name: 'console',
      entry: bundleOf('console'),
      env: {
        DATABASE_URL: database.url,
        NATS_URL: nats.urlFor('console'),
        AUTH_JWKS_URL: signer.jwksUrl,
        CONSOLE_PORT: '0',
        ALLOWED_ORIGINS: 'https://chat.example.org',
        ...env,
      },
    }),
  )
  const { url, health_port } = JSON.parse(await service.log.waitFor(/"listening"/))

  /** The announcements to edges and workers, in order. */
  const received: unknown[] = []
  const hear = (payload: Uint8Array) => void received.push(JSON.parse(Buffer.from(payload).toString()))
  worker.subscribe('control.user.*', hear)
  worker.subscribe('control.tools', hear)
  worker.subscribe('control.prices', hear)
  await worker.flush()

  /** A request as the gateway sends it on, with the proof of a user. */
  const request = async (method: string, path: string, options: CallOptions = {}): Promise<Response> => {
    const { as = 'ada', api = apiPath, body, headers = {}, signed = {}, signal = null } = options
    const [bare = ''] = path.split('?')
    const bound = { method, path: `${api}${bare}`, ...signed }
    const assertion = await signer.sign({ userId: users[as], sid: sidOf(users[as]), ...bound })
    return fetch(`${url}${api}${path}`, {
      method,
      signal,
      headers: {
        'x-omni2-identity': assertion,
        'x-user-id': String(users[as]),
        'x-user-role': 'admin',
        authorization: 'Bearer access-token',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const response = await request(method, path, options)
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  /** Everything that was published before now, since the last time. */
  const takeReceived = async () => {
    await worker.flush()
    return received.splice(0)
  }
  const countChanges = async () => {
    const [row] = await database.query<{ count: number }>(
      'select count(*)::int as count from omni2.admin_changes',
    )
    return row?.count ?? 0
  }
  const whenReady = () =>
    expect.poll(() => fetch(`http://127.0.0.1:${health_port}/readyz`).then(({ status }) => status)).toBe(200)
  const resources = opening.move()
  return {
    url,
    healthUrl: `http://127.0.0.1:${health_port}`,
    service,
    database,
    nats,
    worker,
    connect,
    request,
    call,
    takeReceived,
    countChanges,
    whenReady,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

export type ConsoleUnderTest = Awaited<ReturnType<typeof startConsole>>
