import { decodeJwt } from 'jose'
import { ticketSchema } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, makeToken, readRefusal, startAuth, validate } from './start-auth.ts'

let auth: Awaited<ReturnType<typeof startAuth>>
let token: string
let userId: number

beforeAll(async () => {
  auth = await startAuth()
  userId = await addUser(auth.database)
  token = (await logIn(auth.url, 'alice')).access_token
})

afterAll(() => auth[Symbol.asyncDispose]())

const post = (accessToken?: string, headers: Record<string, string> = {}) =>
  fetch(`${auth.url}/auth/ticket`, {
    method: 'POST',
    headers: { ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }), ...headers },
  })
const takeTicket = async () => ticketSchema.parse(await (await post(token)).json()).ticket
const forward = (
  uri: string,
  { method = 'GET', accessToken }: { method?: string; accessToken?: string } = {},
) => validate(auth.url, accessToken, { headers: { 'x-forwarded-method': method, 'x-forwarded-uri': uri } })
const redeem = (ticket: string) => forward(`/ws/chat?conversation_id=x&ticket=${ticket}`)
const identityOf = (response: Response) => decodeJwt(response.headers.get('x-omni2-identity') ?? '')

test('a ticket opens a socket once, in the name of the login that took it', async () => {
  const answer = await post(token)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const { ticket, expires_in } = ticketSchema.parse(await answer.json())
  expect(expires_in).toBe(30)
  const response = await redeem(ticket)
  expect(response.status).toBe(200)
  const login = decodeJwt(token)
  expect(identityOf(response)).toMatchObject({
    sub: String(userId),
    sid: login['sid'],
    session_exp: login.exp,
    method: 'GET',
    path: '/ws/chat',
  })
  expect(await readRefusal(redeem(ticket))).toEqual([401, 'bad_ticket'])
})

test('of ten at once with the same ticket exactly one gets in', async () => {
  const ticket = await takeTicket()
  const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(ticket)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(9)
})

test.each([
  ['/ask/stream', 'GET'],
  ['/ws', 'GET'],
  ['/ws/chat/', 'GET'],
  ['/ws/chat/../../api', 'GET'],
  ['/WS/chat', 'GET'],
  ['/ws%2Fchat', 'GET'],
  ['/ws/chat', 'POST'],
])('a ticket is refused at %s by %s, and still good for its socket', async (path, method) => {
  const ticket = await takeTicket()
  expect(await readRefusal(forward(`${path}?ticket=${ticket}`, { method }))).toEqual([
    401,
    'ticket_elsewhere',
  ])
  expect((await redeem(ticket)).status).toBe(200)
})

test('a ticket that is over is refused', async () => {
  const ticket = await takeTicket()
  await auth.database.query('update auth_service.tickets set expires_at = now()')
  expect(await readRefusal(redeem(ticket))).toEqual([401, 'bad_ticket'])
})

test('an ended login takes no ticket, and its tickets open nothing', async () => {
  const login = await logIn(auth.url, 'alice')
  const { ticket } = ticketSchema.parse(await (await post(login.access_token)).json())
  await auth.database.query('update auth_service.sessions set revoked_at = now() where sid = $1', [
    decodeJwt(login.access_token)['sid'],
  ])
  expect(await readRefusal(redeem(ticket))).toEqual([401, 'login_revoked'])
  expect(await readRefusal(post(login.access_token))).toEqual([401, 'login_revoked'])
})

test('the token of an existing deployment, without a login of its own here, takes tickets too', async () => {
  const { ticket } = ticketSchema.parse(await (await post(await makeToken(userId))).json())
  expect((await redeem(ticket)).status).toBe(200)
})

test('an Authorization header wins and leaves the ticket alone', async () => {
  const ticket = await takeTicket()
  const uri = `/ws/chat?ticket=${ticket}`
  expect((await forward(uri, { accessToken: token })).status).toBe(200)
  expect(await readRefusal(forward(uri, { accessToken: 'bad' }))).toEqual([401, 'token_malformed'])
  expect((await redeem(ticket)).status).toBe(200)
})

test.each(['', 'unknown', '%00', "' or 1=1 --", 'x'.repeat(10_000)])(
  'the ticket %j is none',
  async (ticket) => {
    expect(await readRefusal(redeem(ticket))).toEqual([401, 'bad_ticket'])
  },
)

test('two tickets in one address are none, and a ticket or a refresh token takes no ticket', async () => {
  const [one, two] = [await takeTicket(), await takeTicket()]
  expect(await readRefusal(redeem(`${one}&ticket=${two}`))).toEqual([401, 'bad_ticket'])
  const byTicket = fetch(`${auth.url}/auth/ticket?ticket=${one}`, { method: 'POST' })
  expect(await readRefusal(byTicket)).toEqual([401, 'token_missing'])
  expect(await readRefusal(post((await logIn(auth.url, 'alice')).refresh_token))).toEqual([
    401,
    'refresh_token',
  ])
})

test('what a client says it asks for elsewhere does not count at /auth/ticket', async () => {
  const headers = { 'x-forwarded-uri': `/ws/chat?ticket=${await takeTicket()}`, 'x-forwarded-method': 'GET' }
  expect(await readRefusal(post(undefined, headers))).toEqual([401, 'token_missing'])
})

test('an empty JSON body is fine', async () => {
  expect((await post(token, { 'content-type': 'application/json' })).status).toBe(200)
})

test('redeeming costs one SQL statement', async () => {
  const tickets = [await takeTicket(), await takeTicket(), await takeTicket()]
  const countStatements = async () => {
    const [row] = await auth.database.query<{ calls: number }>(
      `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database())
         and query not like '%pg_stat_statements%'`,
    )
    return row?.calls ?? 0
  }
  const before = await countStatements()
  for (const ticket of tickets) expect((await redeem(ticket)).status).toBe(200)
  expect((await countStatements()) - before).toBe(tickets.length)
})

test('no ticket reaches the log or the database as it is', async () => {
  const ticket = await takeTicket()
  expect(auth.service.log.lines().join('\n')).not.toMatch(/omni2_wt_|eyJ/)
  const rows = await auth.database.query('select ticket_hash::text as hash from auth_service.tickets')
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(ticket).toString('hex'))
})
