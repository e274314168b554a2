// Shows: an operator's script on the Admin API: create a user, set its limits, and read its bill.
// Needs: `npm start` in another shell, which prints the password of the user admin.
// Run:   OMNI2_PASSWORD=… node_modules/.bin/node examples/06-operator.ts carol

import { randomBytes } from 'node:crypto'

const { OMNI2_URL: url = 'http://127.0.0.1:8080', OMNI2_USER: username = 'admin' } = process.env
const { OMNI2_PASSWORD: password } = process.env
const [newUser = 'carol'] = process.argv.slice(2)

interface Login {
  access_token: string
}
/** What a change answers: what there was, what there is now. */
interface Change {
  change_id: number
  after: { id: number }
}
interface Bill {
  since: string
  total: { requests: number; cost_usd: number }
}

/** Sends JSON and reads JSON; a refusal says in `error` and `problems` what is wrong. */
async function call<Answer>(method: string, path: string, body?: object, token?: string): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer as Answer
}

const { access_token } = await call<Login>('POST', '/auth/login', { username, password })
const admin = <Answer>(method: string, path: string, body?: object) =>
  call<Answer>(method, `/api/admin/v1${path}`, body, access_token)

const newPassword = randomBytes(18).toString('base64url')
const created = await admin<Change>('POST', '/users', {
  username: newUser,
  role: 'viewer',
  password: newPassword,
})
const { id } = created.after
console.log(`${newUser} is user ${id}, change ${created.change_id}`)

// PATCH changes what is given and leaves the rest. Limits count from the next turn on.
const limited = await admin<Change>('PATCH', `/users/${id}/limits`, { max_cost: 5, period_days: 30 })
console.log(`limits: ${JSON.stringify(limited.after)}`)

// The new user spends something, so that there is a bill to read.
const user = await call<Login>('POST', '/auth/login', { username: newUser, password: newPassword })
const reply = await fetch(`${url}/ask/stream`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${user.access_token}` },
  body: JSON.stringify({ message: 'Hello!' }),
})
await reply.text()

const usage = await admin<Bill>('GET', `/usage?user_id=${id}`)
console.log(`bill since ${usage.since}: ${usage.total.requests} request, $${usage.total.cost_usd}`)
