import { errorCodes } from '@omni2/contracts'
import { loadStandings, type Database, type Login } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { findRefusal } from '../requests/answer-recheck-request.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import type { LiveTurns } from '../attempt/live-turns.ts'
import { stopUnwantedTurns } from './stop-unwanted-turns.ts'
import type { Revocation } from '../signals/turn-stop.ts'

export interface RecheckDeps {
  readonly liveTurns: Pick<LiveTurns, 'withUsers' | 'attempts'>
  readonly database: Pick<Database, 'db'>
  readonly gate: Pick<DatabaseGate, 'retryWhileAway'>
  readonly log: Pick<Logger, 'info'>
}

/** Logins in one statement. */
const batch = 1000

/**
 * Checks whether the users of running turns, or one of them, may still chat, and stops the turns of those who may not.
 * A check of all users also finds cancels that did not reach their attempts.
 */
export async function recheckTurns(userId: number | undefined, deps: RecheckDeps): Promise<void> {
  if (userId === undefined) await stopUnwantedTurns(deps)
  const logins = listLogins(deps.liveTurns.withUsers(userId))
  for (let first = 0; first < logins.length; first += batch)
    await recheckLogins(logins.slice(first, first + batch), deps)
}

async function recheckLogins(logins: readonly Login[], deps: RecheckDeps): Promise<void> {
  const standings = await deps.gate.retryWhileAway(() => loadStandings(logins, deps.database))
  for (const standing of standings) {
    const refusal = findRefusal(standing)
    if (refusal) stopTurns(standing, makeRevocation(refusal), deps)
  }
}

/** Also turns that began after the query, because their login is the same. */
function stopTurns({ userId, sid }: Login, revocation: Revocation, { liveTurns, log }: RecheckDeps): void {
  for (const { identity, attempt } of liveTurns.withUsers(userId)) {
    if (identity.sid !== sid || attempt.signal.aborted) continue
    log.info(
      { user_id: userId, code: revocation.code },
      'running turn stopped: its user may not chat any more',
    )
    attempt.stop('revoked', revocation)
  }
}

const makeRevocation = ({ code, message }: NonNullable<ReturnType<typeof findRefusal>>): Revocation => ({
  code,
  text: message === '' ? errorCodes[code].text : message,
})

function listLogins(turns: ReturnType<LiveTurns['withUsers']>): Login[] {
  const logins = turns.map(({ identity }) => ({ userId: identity.user_id, sid: identity.sid }))
  return [...new Map(logins.map((login) => [JSON.stringify(login), login])).values()]
}
