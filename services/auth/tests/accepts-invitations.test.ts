import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, postJson, postLogin, startAuth, validate } from './start-auth.ts'

let auth: Awaited<ReturnType<typeof startAuth>>

beforeAll(async () => {
  auth = await startAuth()
})
afterAll(() => auth[Symbol.asyncDispose]())

const chosen = 'correct horse battery'

/** As the console stores it. */
async function invite(userId: number, { hours = 1 } = {}): Promise<string> {
  const token = `omni2_it_${randomBytes(32).toString('base64url')}`
  await auth.database.query(
    `insert into auth_service.invitations (user_id, token_hash, invited_by, expires_at)
     values ($1, $2, 1, now() + make_interval(hours => $3))`,
    [userId, createHash('sha256').update(token).digest(), hours],
  )
  return token
}

const accept = (body: object) => postJson(`${auth.url}/auth/invitation`, body)
const codeOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as object),
})

test('an invitation sets the password, logs in with cookies, and is used up', async () => {
  const id = await addUser(auth.database, { username: 'ina', password: null })
  const token = await invite(id)
  const response = await accept({ token, password: chosen })
  expect(response.status).toBe(200)
  expect(response.headers.getSetCookie().length).toBeGreaterThanOrEqual(1)
  const { access_token } = (await response.json()) as { access_token: string }
  expect((await validate(auth.url, access_token)).headers.get('x-user-id')).toBe(String(id))
  expect((await postLogin(auth.url, 'ina', chosen)).status).toBe(200)
  expect(await codeOf(await accept({ token, password: 'another password' }))).toMatchObject({
    status: 401,
    code: 'bad_invitation',
  })
  expect((await postLogin(auth.url, 'ina', 'another password')).status).toBe(401)
})

test('every login from before is over', async () => {
  const id = await addUser(auth.database, { username: 'bela' })
  const before = await logIn(auth.url, 'bela')
  await auth.database.query(
    `insert into auth_service.tickets (ticket_hash, user_id, sid, login_ends_at, expires_at)
     values ('x', $1, gen_random_uuid(), now() + interval '1h', now() + interval '1h')`,
    [id],
  )
  expect((await accept({ token: await invite(id), password: chosen })).status).toBe(200)
  expect((await validate(auth.url, before.access_token)).status).toBe(401)
  expect((await postLogin(auth.url, 'bela', 'correct horse')).status).toBe(401)
  expect(await auth.database.query('select from auth_service.tickets where user_id = $1', [id])).toEqual([])
})

test('of several at once one sets the password', async () => {
  const id = await addUser(auth.database, { username: 'cleo', password: null })
  const token = await invite(id)
  const passwords = ['one long password', 'two long password', 'three long password']
  const statuses = await Promise.all(
    passwords.map(async (password) => (await accept({ token, password })).status),
  )
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 401, 401])
  const winner = passwords[statuses.indexOf(200)] ?? ''
  expect((await postLogin(auth.url, 'cleo', winner)).status).toBe(200)
})

test('one that is over, unknown or not one, and a bad password, change nothing', async () => {
  const id = await addUser(auth.database, { username: 'dora' })
  const over = await invite(id, { hours: -1 })
  for (const token of [over, 'omni2_it_x', 'x'])
    expect(await codeOf(await accept({ token, password: chosen }))).toMatchObject({ code: 'bad_invitation' })
  await auth.database.query(`update auth_service.invitations set expires_at = now() + interval '1h'`)
  for (const body of [{ token: over, password: 'short' }, { password: chosen }, { token: over }]) {
    const refused = await codeOf(await accept(body))
    expect(refused).toMatchObject({ status: 422, code: 'invalid_body' })
    expect(JSON.stringify(refused)).not.toContain('short')
  }
  expect((await logIn(auth.url, 'dora')).access_token).toBeDefined()
  expect((await accept({ token: over, password: chosen })).status).toBe(200)
})
