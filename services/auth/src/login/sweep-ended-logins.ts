import { setInterval as everyMs } from 'node:timers/promises'
import { deleteEndedLogins, findHighestPasswordCost, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import type { PasswordChecker } from './password-checker.ts'

interface Deps {
  readonly database: Pick<Database, 'db'>
  readonly passwords: Pick<PasswordChecker, 'raiseCost'>
  readonly intervalMs: number
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Deletes what no token refers to any more, again and again; dispose waits for a running deletion. */
export function openSweeper(deps: Deps): AsyncDisposable {
  const closing = new AbortController()
  const sweeping = sweepUntil(closing.signal, deps)
  return {
    [Symbol.asyncDispose]: async () => {
      closing.abort()
      await sweeping
    },
  }
}

async function sweepUntil(closing: AbortSignal, deps: Deps): Promise<void> {
  try {
    for await (const _ of everyMs(deps.intervalMs, undefined, { signal: closing })) await sweep(deps)
  } catch (error) {
    if (!closing.aborted) throw error
  }
}

/** What fails is tried again the next time. */
async function sweep(deps: Deps): Promise<void> {
  const { database, log } = deps
  try {
    log.info(await deleteEndedLogins(database), 'ended logins deleted')
  } catch (err) {
    log.warn({ err }, 'ended logins not deleted')
  }
  await learnPasswordCost(deps)
}

/** Reads how costly stored hashes are, so that no password is compared faster than with the costliest. */
export async function learnPasswordCost({
  database,
  passwords,
  log,
}: Pick<Deps, 'database' | 'passwords' | 'log'>): Promise<void> {
  try {
    passwords.raiseCost((await findHighestPasswordCost(database)) ?? 0)
  } catch (err) {
    log.warn({ err }, 'cost of stored passwords not read')
  }
}
