import { setTimeout as delay } from 'node:timers/promises'
import type { LaunchedProcess } from '@omni2/local-servers'
import { z } from 'zod'
import { OperatorError } from '@omni2/cli/operator-error'
import { describeExit } from './describe-exit.ts'
import { readLogSince } from './read-log-since.ts'

interface AwaitServiceOptions {
  readonly name: string
  readonly readyUrl: string
  readonly logFile: string
  /** Bytes of the log that were there before this launch. */
  readonly logStart: number
  readonly signal: AbortSignal
  /** Conditions of its readiness that an operator can meet while it runs; `say` reports those that are not met. */
  readonly operators?: { readonly conditions: readonly string[]; readonly say: (line: string) => void }
}

const readyDeadlineMs = 30_000
const answerDeadlineMs = 2000
const pollMs = 40

/**
 * Resolves when the service is ready, or lacks only what an operator can do while it runs. Rejects with the end of its
 * log when it ends or the deadline passes.
 */
export async function awaitService(launched: LaunchedProcess, options: AwaitServiceOptions): Promise<void> {
  const giveUpAt = performance.now() + readyDeadlineMs
  for (;;) {
    options.signal.throwIfAborted()
    const missing = await askReadiness(options.readyUrl)
    if (launched.hasExited()) throw await startError(describeExit(await launched.exited), options)
    if (missing === undefined) return
    const forOperators = findForOperators(missing, options)
    if (forOperators !== undefined) return options.operators?.say(`${options.name}: ${forOperators}`)
    if (performance.now() > giveUpAt) throw await startError(`not ready in time: ${missing}`, options)
    await delay(pollMs, undefined, { signal: options.signal })
  }
}

/** Why the address does not answer 200; undefined when it does. */
async function askReadiness(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerDeadlineMs) })
    const body = await response.text()
    return response.ok ? undefined : body.trim()
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
  }
}

const readinessSchema = z.object({ missing: z.record(z.string(), z.string()) })

/** What an operator has to do, where nothing else is missing and the service has checked. */
function findForOperators(
  answer: string,
  { operators }: Pick<AwaitServiceOptions, 'operators'>,
): string | undefined {
  const parsed = readinessSchema.safeParse(parseJson(answer))
  if (!operators || !parsed.success) return undefined
  const missing = Object.entries(parsed.data.missing)
  const isTheirs = missing.every(
    ([name, reason]) => operators.conditions.includes(name) && reason !== 'not yet',
  )
  return isTheirs ? missing.map(([, reason]) => reason).join('; ') : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function startError(reason: string, { name, logFile, logStart }: AwaitServiceOptions) {
  const log = await readLogSince(logFile, logStart)
  return new OperatorError([`${name} did not start: ${reason}`, ...log, `(its log: ${logFile})`].join('\n  '))
}
