import { ChatError } from './chat-error.ts'
import { parseDeploymentUrl } from './deployment-url.ts'
import { parseObject } from './parse-frame.ts'
import { post } from './post.ts'
import type { TokenProvider } from './proof.ts'

interface Credentials {
  /** Of the deployment: `https://chat.example.org`, or with a path of its own, `https://example.org/omni2`. */
  readonly url: string
  /** Or e-mail address. */
  readonly username: string
  readonly password: string
  readonly fetch?: typeof fetch
}

export interface Login {
  /** Gives the access token and refreshes it when it is about to expire, or was refused. */
  readonly token: TokenProvider
  /** Ends the login at the server. */
  logOut(): Promise<void>
}

interface Tokens {
  readonly access: string
  readonly refresh: string | undefined
  /** When a new one is due; milliseconds of Date.now(). */
  readonly renewAt: number
}

/** A token is renewed after this part of its life. */
const usableShare = 0.9

/** Logs in with a password, which is not kept. Throws ChatError. */
export async function logIn({
  url,
  username,
  password,
  fetch = globalThis.fetch,
}: Credentials): Promise<Login> {
  const base = parseDeploymentUrl(url)
  const postJson = (path: string, body: object, access?: string) => {
    const headers = access === undefined ? {} : { authorization: `Bearer ${access}` }
    return post(path, { url: base, fetch, headers, body })
  }
  let tokens = postJson('/auth/login', { username, password }).then(readTokens)
  const refresh = async ({ refresh: refresh_token }: Tokens): Promise<Tokens> => {
    if (refresh_token === undefined)
      throw new ChatError('login_expired', 'The login has expired.', { status: 401 })
    return readTokens(await postJson('/auth/refresh', { refresh_token }))
  }
  await tokens
  const token: TokenProvider = async ({ renew }) => {
    const current = tokens
    const held = await current
    // Whoever asks meanwhile gets the same new one: a refresh token is good for one refresh.
    if ((renew || Date.now() >= held.renewAt) && tokens === current)
      tokens = keepOnFailure(held, refresh(held))
    return (await tokens).access
  }
  const logOut = async () => {
    const { refresh: refresh_token, access } = await tokens
    await postJson('/auth/logout', { refresh_token }, access)
  }
  /** A refresh that got no answer may be tried again; the next one begins with the same token. */
  function keepOnFailure(held: Tokens, next: Promise<Tokens>): Promise<Tokens> {
    next.catch(() => (tokens = Promise.resolve(held)))
    return next
  }
  return { token, logOut }
}

function readTokens(json: string): Tokens {
  const { access_token, refresh_token, expires_in } = parseObject(json) ?? {}
  if (typeof access_token !== 'string' || typeof expires_in !== 'number')
    throw new ChatError('bad_answer', 'The answer of the login has no token.')
  const refresh = typeof refresh_token === 'string' ? refresh_token : undefined
  return { access: access_token, refresh, renewAt: Date.now() + expires_in * 1000 * usableShare }
}
