import type { Tokens } from '@omni2/contracts'
import { issueAccessToken, type AccessTokenIssuer } from '../tokens/issue-access-token.ts'

export interface TokenIssuing {
  readonly tokenIssuer: AccessTokenIssuer
  /** Life of an access token where the role sets none. */
  readonly defaultTokenSeconds: number
  readonly now: () => number
}

interface LoginToProve {
  readonly sid: string
  readonly user: {
    readonly id: number
    readonly username: string
    readonly role_name: string | null
    /** Seconds. */
    readonly token_expiry: number | null
  }
  /** When the login ends, which its tokens never outlive. */
  readonly endsAt: Date
  readonly refreshToken: string
}

/** Makes what a client gets for a login: an access token that lives as long as the role says, and the refresh token. */
export async function issueTokens(
  { sid, user, endsAt, refreshToken }: LoginToProve,
  deps: TokenIssuing,
): Promise<Tokens> {
  const issuedAt = Math.floor(deps.now() / 1000)
  const seconds = Math.max(
    1,
    Math.min(tokenSeconds(user, deps), Math.floor(endsAt.getTime() / 1000) - issuedAt),
  )
  const subject = { sid, userId: user.id, username: user.username, role: user.role_name ?? '' }
  const access_token = await issueAccessToken(
    { ...subject, issuedAt, expiresAt: issuedAt + seconds },
    deps.tokenIssuer,
  )
  return { access_token, refresh_token: refreshToken, token_type: 'bearer', expires_in: seconds }
}

/** A role's zero or negative life would lock its users out; it counts as not set. */
export function tokenSeconds(
  { token_expiry }: LoginToProve['user'],
  { defaultTokenSeconds }: Pick<TokenIssuing, 'defaultTokenSeconds'>,
): number {
  return token_expiry !== null && token_expiry > 0 ? token_expiry : defaultTokenSeconds
}
