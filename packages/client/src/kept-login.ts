import { ChatError } from './chat-error.ts'
import { lockAcrossTabs } from './lock-across-tabs.ts'
import { parseObject } from './parse-frame.ts'
import { type RequestDeps, sendRequest } from './send-request.ts'

/** A pair of tokens, as `POST /auth/login` and `POST /auth/refresh` answer. */
export interface Tokens {
  readonly access_token: string
  /** Good for one refresh; used twice it ends the login. */
  readonly refresh_token: string | undefined
  /** Life of the access token in seconds. */
  readonly expires_in: number
}

/** Whose login it is, as `GET /auth/me` answers. */
export interface Me {
  readonly user_id: number
  readonly username: string
  /** Empty for a user without a role. */
  readonly role: string
  /** When the access token ends, ISO 8601; a refresh gives the next one. */
  readonly token_expires_at: string
  /** When the login ends, however often it is refreshed, ISO 8601. */
  readonly session_expires_at: string
}

export interface Login {
  /** Gives the access token and refreshes it when it is about to expire, or was refused. */
  readonly token: (need: { readonly renew: boolean }) => Promise<string>
  /** Whose login it is, as the server has it now. */
  me(options?: { readonly signal?: AbortSignal | undefined }): Promise<Me>
  /** Ends the login at the server; one that is over already counts as ended. */
  logOut(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
}

interface LoginDeps {
  readonly url: string
  readonly fetch: typeof fetch
  readonly onTokens: (tokens: Tokens) => void | Promise<void>
  /** Where the newest refresh token is read from, if other tabs may have got it. */
  readonly readToken: (() => Stored | Promise<Stored>) | undefined
  /** Whether the browser keeps the refresh token. */
  readonly cookie: boolean
}

type Stored = string | null | undefined

/** A token is renewed after this part of its life. */
const usableShare = 0.9

/**
 * A login and its tokens. Fresh: the access token is given as it is. Stale: the first caller starts the one refresh that
 * all wait for, one tab after another, since a refresh token is good once. Ended: by `logOut`.
 */
export class KeptLogin implements Login {
  readonly #deps: LoginDeps
  #access: { readonly token: string; readonly renewAt: number } | undefined
  #refreshToken: string | undefined
  #refreshing: Promise<string> | undefined
  #hasEnded = false

  constructor(deps: LoginDeps) {
    this.#deps = deps
  }

  readonly token = async ({ renew }: { readonly renew: boolean }): Promise<string> => {
    if (this.#hasEnded) throw makeOverError('login_revoked', 'This login has been ended.')
    if (this.#access && !renew && Date.now() < this.#access.renewAt) return this.#access.token
    return this.#refresh({})
  }

  /** Begins the login with what proves who it is, sent to this path. */
  async begin(
    path: '/auth/login' | '/auth/invitation',
    body: Readonly<Record<string, string>>,
    { signal }: { signal: AbortSignal | undefined },
  ): Promise<void> {
    await this.#lock(async () => this.#take(await this.#post(path, { body, signal })))
  }

  async goOn({
    token,
    signal,
  }: {
    token: string | undefined
    signal: AbortSignal | undefined
  }): Promise<void> {
    this.#refreshToken = token
    await this.#refresh({ signal })
  }

  async logOut({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#hasEnded = true
    await this.#refreshing?.catch(() => {})
    await this.#lock(async () => {
      const refresh_token = await this.#readRefreshToken()
      // The browser's refresh cookie works also when the access token is over.
      const headers = this.#deps.cookie ? {} : this.#access && makeHeaders(this.#access.token)
      await this.#post('/auth/logout', { body: { refresh_token }, headers, signal }).catch(passEnded)
    })
  }

  async me({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Me> {
    const read = async (need: { renew: boolean }) => {
      const headers = makeHeaders(await this.token(need))
      const { url, fetch } = this.#deps
      return sendRequest('GET', '/auth/me', { url, fetch, headers, signal })
    }
    const json = await read({ renew: false }).catch((error: unknown) => {
      if (error instanceof ChatError && error.status === 401) return read({ renew: true })
      throw error
    })
    return readMe(json)
  }

  #refresh({ signal }: { signal?: AbortSignal | undefined }): Promise<string> {
    this.#refreshing ??= this.#lock(() => this.#trade(signal)).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #trade(signal: AbortSignal | undefined): Promise<string> {
    const refresh_token = await this.#readRefreshToken()
    if (refresh_token === undefined && !this.#deps.cookie)
      throw makeOverError('login_expired', 'The login has expired.')
    return this.#take(await this.#post('/auth/refresh', { body: { refresh_token }, signal }))
  }

  async #readRefreshToken(): Promise<string | undefined> {
    const { cookie, readToken } = this.#deps
    if (cookie) return undefined
    return (await readToken?.()) || this.#refreshToken
  }

  async #take(json: string): Promise<string> {
    const tokens = readTokens(json)
    this.#refreshToken = tokens.refresh_token
    const { access_token: token, expires_in } = tokens
    this.#access = { token, renewAt: Date.now() + expires_in * 1000 * usableShare }
    await this.#deps.onTokens(tokens)
    return token
  }

  #lock<T>(work: () => Promise<T>): Promise<T> {
    return lockAcrossTabs(this.#deps.url, work)
  }

  #post(path: string, request: Omit<RequestDeps, 'url' | 'fetch'>): Promise<string> {
    const { url, fetch } = this.#deps
    return sendRequest('POST', path, { ...request, url, fetch })
  }
}

const makeOverError = (code: 'login_revoked' | 'login_expired', message: string): ChatError =>
  new ChatError(code, message, { status: 401 })

function passEnded(error: unknown): void {
  if (!(error instanceof ChatError) || error.status !== 401) throw error
}

const makeHeaders = (token: string) => ({ authorization: `Bearer ${token}` })

function readMe(json: string): Me {
  const me = parseObject(json)
  if (typeof me?.['user_id'] !== 'number' || typeof me['username'] !== 'string')
    throw new ChatError('bad_answer', 'The answer of /auth/me names no user.')
  return me as unknown as Me
}

function readTokens(json: string): Tokens {
  const { access_token, refresh_token, expires_in } = parseObject(json) ?? {}
  if (typeof access_token !== 'string' || typeof expires_in !== 'number')
    throw new ChatError('bad_answer', 'The answer of the login has no token.')
  return {
    access_token,
    refresh_token: typeof refresh_token === 'string' ? refresh_token : undefined,
    expires_in,
  }
}
