import { parseDeploymentUrl } from './deployment-url.ts'
import { type Login, KeptLogin, type Tokens } from './kept-login.ts'

interface CommonOptions {
  /** Of the deployment: `https://chat.example.org`, or with a path of its own, `https://example.org/omni2`. */
  readonly url: string
  /**
   * Takes each new pair of tokens, so that it can be kept: the refresh token of the previous pair is no longer
   * valid. Awaited.
   */
  readonly onTokens?: ((tokens: Tokens) => void | Promise<void>) | undefined
  /** Gives up logging in when it aborts (`cancelled`). */
  readonly signal?: AbortSignal | undefined
  readonly fetch?: typeof fetch
}

interface PasswordOptions {
  /** Or e-mail address. */
  readonly username: string
  /** Not kept. */
  readonly password: string
}

interface InvitationOptions {
  /** The token of an invitation: what follows the `#` of its link. It is used up, and every other login ends. */
  readonly invitation: string
  /** From now on the account's. Not kept. */
  readonly password: string
  readonly username?: never
}

interface RefreshOptions {
  /**
   * The last refresh token of a login to go on with. A page that may be open in several tabs gives a function that reads
   * it from where `onTokens` keeps it: asked before each refresh, it gives what another tab got meanwhile.
   */
  readonly refreshToken: string | (() => Stored | Promise<Stored>)
}

interface CookieOptions {
  /** The browser keeps the refresh token, in a cookie that no page can read; only for pages that the server lets in. */
  readonly cookie: true
}

type Stored = string | null | undefined

/** How to log in: with a password or an invitation, or going on with a login; and who keeps its refresh token. */
export type LogInOptions = CommonOptions &
  (
    | ((PasswordOptions & { readonly invitation?: never }) & Partial<RefreshOptions & CookieOptions>)
    | (InvitationOptions & Partial<RefreshOptions & CookieOptions>)
    | (RefreshOptions & { readonly cookie?: never; readonly username?: never; readonly invitation?: never })
    | (CookieOptions & {
        readonly refreshToken?: never
        readonly username?: never
        readonly invitation?: never
      })
  )

/** Logs in with a password or an invitation, or goes on with a login from before. Throws ChatError. */
export async function logIn(options: LogInOptions): Promise<Login> {
  const { url, fetch = globalThis.fetch.bind(globalThis), onTokens = () => {} } = options
  const { refreshToken, cookie = false, signal } = options
  const readToken = typeof refreshToken === 'function' ? refreshToken : undefined
  const login = new KeptLogin({ url: parseDeploymentUrl(url), fetch, onTokens, readToken, cookie })
  if (options.username !== undefined) {
    const { username, password } = options
    await login.begin('/auth/login', { username, password }, { signal })
  } else if (options.invitation !== undefined) {
    const { invitation: token, password } = options
    await login.begin('/auth/invitation', { token, password }, { signal })
  } else await login.goOn({ token: typeof refreshToken === 'string' ? refreshToken : undefined, signal })
  return login
}
