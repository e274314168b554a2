import { generateKeyPairSync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { SignJWT, type JWTPayload } from 'jose'
import { bundleOf, openTestDatabase, startService, type TestDatabase } from '@omni2/testkit'
import { tokensSchema, type Tokens } from '@omni2/contracts'

export const jwtSecret = 'M3X0hC7vQb1rYtGz5wKpLs8dNjUaEf2i'

/** A key as AUTH_SIGNING_KEY takes it, and its public part. */
export function makeKey() {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return { signing: JSON.stringify({ kty, crv, x, d }), published: { kty, crv, x } }
}

/** An auth process of its own on a database of its own; NATS is away where the caller brings none. */
export async function startAuth(env: Record<string, string> = {}) {
  const resources = new AsyncDisposableStack()
  const database = resources.use(await openTestDatabase())
  const service = resources.use(
    await startService({
      name: 'auth',
      entry: bundleOf('auth'),
      env: {
        DATABASE_URL: database.url,
        NATS_URL: 'nats://127.0.0.1:1',
        AUTH_PORT: '0',
        AUTH_JWT_SECRET: jwtSecret,
        AUTH_SIGNING_KEY: makeKey().signing,
        AUTH_PASSWORD_COST: '4',
        ...env,
      },
    }),
  )
  const listening: { url: string; health_port: number } = JSON.parse(await service.log.waitFor(/"listening"/))
  return {
    database,
    service,
    url: listening.url,
    healthUrl: `http://127.0.0.1:${listening.health_port}`,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

interface UserFields {
  username?: string
  email?: string | null
  password?: string | null
  active?: boolean
  /** Seconds. */
  tokenExpiry?: number | null
}

/** Adds a user with a role of their own and returns the id. */
export async function addUser(database: TestDatabase, fields: UserFields = {}): Promise<number> {
  const { username = 'alice', email = null, password = 'correct horse', active = true } = fields
  const [role] = await database.query<{ id: number }>(
    'insert into auth_service.roles (name, token_expiry) values ($1, $2) returning id',
    [`role of ${username}`.slice(0, 50), fields.tokenExpiry === undefined ? 3600 : fields.tokenExpiry],
  )
  const [user] = await database.query<{ id: number }>(
    `insert into auth_service.users (username, name, email, role_id, password_hash, active)
     values ($1, $1, $2, $3, $4, $5) returning id`,
    [username, email, role?.id, password === null ? null : hashSync(password, 4), active],
  )
  if (user === undefined) throw new Error('no user was added')
  return user.id
}

/** A token as an existing deployment with the same secret could have issued it. */
export function makeToken(userId: number, claims: JWTPayload = {}): Promise<string> {
  return new SignJWT({ iss: 'omni2-auth', aud: 'omni2', ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(String(userId))
    .setExpirationTime('10 minutes')
    .sign(new TextEncoder().encode(jwtSecret))
}

export const postLogin = (
  url: string,
  username: string,
  password: string,
  headers: Record<string, string> = {},
): Promise<Response> => postJson(`${url}/auth/login`, { username, password }, headers)

export function postJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const json = { 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
}

/** Status and code of a refusal. */
export async function readRefusal(response: Promise<Response>): Promise<[number, unknown]> {
  const { status, body } = await response.then(async (got) => ({
    status: got.status,
    body: await got.text(),
  }))
  const refusal: { code?: unknown } = body === '' ? {} : JSON.parse(body)
  return [status, refusal.code]
}

export async function logIn(url: string, username: string, password = 'correct horse'): Promise<Tokens> {
  const response = await postLogin(url, username, password)
  if (response.status !== 200) throw new Error(`login answered ${response.status} ${await response.text()}`)
  return tokensSchema.parse(await response.json())
}

export function validate(url: string, token?: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  return fetch(`${url}/validate`, { ...init, headers })
}
