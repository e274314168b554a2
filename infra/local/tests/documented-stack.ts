import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { nameDataFolder } from '@omni2/cli/data-folder'
import { Client } from 'pg'
import { vi } from 'vitest'
import { DocumentedTraffic } from './documented-traffic.ts'
import { makeTestFolder } from './run-command.ts'
import { type Line, startStack } from './started-stack.ts'

/** Bounds that a test reaches in a moment. */
const bounds = {
  AUTH_LOGIN_FAILURES_PER_ACCOUNT: '2',
  CONSOLE_BODY_BYTES: '8192',
  CONSOLE_LIVE_FEEDS: '1',
  CONSOLE_REQUESTS_PER_MINUTE: '250',
  EDGE_CONNECTIONS_PER_USER: '4',
  EDGE_SILENCE_MS: '500',
}

/** Users beside the demo's, made like one of them and with the same password. */
const alike = { operand: 'viewer', limited: 'viewer', second: 'admin', hasty: 'admin' }

/** What a request may carry, and what goes with it. */
export interface Sending {
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Record<string, string>
  readonly token?: string
}

export const asText = { 'content-type': 'text/plain' }
export const aliasOfUserId = { x_user_id: '1' }
export const large = JSON.stringify('x'.repeat(70_000))

/** A stack with every user logged in, and its traffic, which is held to the documents. */
export class DocumentedStack implements AsyncDisposable {
  readonly line: Line
  readonly traffic: DocumentedTraffic
  readonly database: Client
  readonly secrets: { readonly jwtSecret: string; readonly natsPasswords: Readonly<Record<string, string>> }
  readonly #opened: AsyncDisposableStack
  readonly #tokens = new Map<string, string>()
  /** Of developer, as a browser has it. */
  #cookie = ''

  private constructor(
    opened: AsyncDisposableStack,
    line: Line,
    database: Client,
    secrets: DocumentedStack['secrets'],
  ) {
    this.#opened = opened
    this.line = line
    this.database = database
    this.secrets = secrets
    this.traffic = new DocumentedTraffic(line.url)
  }

  static async open(): Promise<DocumentedStack> {
    await using opening = new AsyncDisposableStack()
    const folder = opening.use(await makeTestFolder())
    const one = ['--edges', '1', '--workers', '1', '--recorders', '1']
    const { line } = opening.use(await startStack(folder.path, one, bounds))
    const database = opening.adopt(new Client({ connectionString: line.databaseUrl }), (client) =>
      client.end(),
    )
    await database.connect()
    const secrets = JSON.parse(await readFile(nameDataFolder(folder.path).secretsFile, 'utf8'))
    const stack = new DocumentedStack(opening.move(), line, database, secrets)
    for (const [username, model] of Object.entries(alike)) await stack.#copyUser(username, model)
    for (const username of ['admin', 'developer', 'viewer', 'blocked', 'inactive', ...Object.keys(alike)])
      stack.#tokens.set(username, await stack.logIn(username))
    return stack
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.disposeAsync()
  }

  tokenOf(username: string): string {
    return this.#tokens.get(username) ?? ''
  }

  passwordOf(username: string): string {
    const model = username in alike ? alike[username as keyof typeof alike] : username
    return this.line.users.find((user) => user.username === model)?.password ?? ''
  }

  /** A login beside the one of `tokenOf`. */
  async logIn(username: string): Promise<string> {
    const body = { username, password: this.passwordOf(username) }
    const { json, headers } = await this.traffic.send('POST', '/auth/login', { body })
    const cookies = headers.getSetCookie().map((one) => one.split(';')[0])
    if (username === 'developer') this.#cookie = cookies.join('; ')
    return json.access_token
  }

  /** The cookies of developer, sent by a page of a foreign origin. */
  foreign(): Record<string, string> {
    return { cookie: this.#cookie, origin: 'https://evil.example' }
  }

  /** An access token of developer that was good once. */
  forgeExpired(): string {
    const [head = '', claims = ''] = this.tokenOf('developer').split('.')
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString())
    const past = Buffer.from(JSON.stringify({ ...said, iat: said.iat - 90_000, exp: said.iat - 86_000 }))
    const signed = `${head}.${past.toString('base64url')}`
    return `${signed}.${createHmac('sha256', this.secrets.jwtSecret).update(signed).digest('base64url')}`
  }

  /** The statuses that a request gets as it is changed. */
  async readStatuses(method: string, path: string, sendings: readonly Sending[]): Promise<number[]> {
    const statuses: number[] = []
    for (const sending of sendings) statuses.push((await this.traffic.send(method, path, sending)).status)
    return statuses
  }

  /** The id of the user's turn, once one runs. */
  async findRunning(username: string): Promise<string> {
    const find = `select session_id from omni2.turns join auth_service.users on id = user_id
      where status = 'running' and username = $1`
    const read = async () => {
      const { rows } = await this.database.query<{ session_id: string }>(find, [username])
      if (rows[0] === undefined) throw new Error(`no turn of ${username} runs`)
      return rows[0].session_id
    }
    return vi.waitFor(read, { timeout: 20_000 })
  }

  /** Throws when something that was seen since the last call is not as documented. */
  checkFaults(): void {
    const faults = this.traffic.takeFaults()
    if (faults.length > 0) throw new Error(`not as documented:\n${faults.join('\n')}`)
  }

  #copyUser(username: string, model: string) {
    return this.database.query(
      `insert into auth_service.users (username, name, email, role_id, password_hash, active, rate_limit_override)
       select $1::text, $1, $1 || '@demo.invalid', role_id, password_hash, true, case $1 when 'limited' then 0 end
       from auth_service.users where username = $2`,
      [username, model],
    )
  }
}

/** Not to be had from a healthy stack; what else a document declares must have been seen. */
const notProvoked = [/ 500$/, / 503$/]

/** What was declared, not seen, and is neither a fault nor a service that is away or full. */
export const missingOf = (unseen: readonly string[]): string[] =>
  unseen.filter((status) => !notProvoked.some((pattern) => pattern.test(status)))
