import { redeemTicket, type Database } from '@omni2/db'
import { AccessRefused } from '../access-refused.ts'
import { admitUser, type User } from '../proof/check-login.ts'
import { hashOpaqueToken } from '@omni2/passwords'
import type { Login } from '../tokens/verify-access-token.ts'

/** A proven login that has not ended, with its user as of now. */
export interface ProvenLogin {
  readonly user: User
  readonly login: Pick<Login, 'sid' | 'expiresAt'>
}

/** Redeems a ticket. Throws AccessRefused, the same for an unknown, a used and an expired one. */
export async function redeemProof(
  { ticket }: { readonly ticket: string },
  { database }: { database: Pick<Database, 'db'> },
): Promise<ProvenLogin> {
  const redeemed = await redeemTicket(hashOpaqueToken(ticket), database)
  if (redeemed === undefined || redeemed.is_over) throw new AccessRefused('bad_ticket')
  const expiresAt = Math.floor(redeemed.login_ends_at.getTime() / 1000)
  return { user: admitUser(redeemed), login: { sid: redeemed.sid, expiresAt } }
}
