import { redeemTicket, type Database } from '@omni2/db'
import { AccessRefused } from '../access-refused.ts'
import { admitUser } from '../proof/check-login.ts'
import type { ProvenLogin } from './check-proof.ts'
import { hashOpaqueToken } from '../proof/opaque-token.ts'

/** Redeems a ticket; whether it is unknown, used or over is not told. Throws AccessRefused. */
export async function redeemProof(
  { ticket }: { readonly ticket: string },
  { database }: { database: Pick<Database, 'db'> },
): Promise<ProvenLogin> {
  const redeemed = await redeemTicket(hashOpaqueToken(ticket), database)
  if (redeemed === undefined || redeemed.is_over) throw new AccessRefused('bad_ticket')
  const expiresAt = Math.floor(redeemed.login_ends_at.getTime() / 1000)
  return { user: admitUser(redeemed), login: { sid: redeemed.sid, expiresAt } }
}
