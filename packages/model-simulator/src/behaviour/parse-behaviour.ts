import type { StopReason } from '@anthropic-ai/sdk/resources/messages'
import type { ErrorType } from '../api-error.ts'
import {
  badClause,
  readClause,
  readDuration,
  readErrorType,
  readStopReason,
  readToolCall,
  readWhole,
  readWord,
  type Clause,
} from './read-clause.ts'

/** What goes wrong, after `at` tokens; without `at` before the response begins. */
export type Failure =
  | { readonly kind: 'error'; readonly type: ErrorType; readonly at: number | undefined }
  | { readonly kind: 'reset'; readonly at: number | undefined }
  /** Silence of `ms`, then the reply goes on; without `ms` for as long as the client stays. */
  | { readonly kind: 'stall'; readonly at: number | undefined; readonly ms: number | undefined }
  | { readonly kind: 'truncate'; readonly at: number | undefined }

/** How one request is to be answered; what is absent follows the configuration. */
export interface Behaviour {
  readonly tokens?: number
  readonly paceMs?: number
  readonly firstTokenMs?: number
  readonly thinkingTokens?: number
  /** The thinking is sealed: its text is not shown. */
  readonly redacted?: true
  /** The reply pauses after so many tokens; asked to go on, it does. */
  readonly pauseAt?: number
  /** Said in place of the reply's own stop reason, unless it calls tools. */
  readonly stopReason?: StopReason
  readonly pingEvery?: number
  readonly unknownAt?: number
  readonly toolCalls?: readonly { readonly name: string; readonly input: Record<string, unknown> }[]
  /** How many requests of the turn are answered with the tool calls. */
  readonly toolRounds?: number
  readonly failure?: Failure
  readonly retryAfterSeconds?: number
  readonly errorCode?: string
  /** Only the first so many requests of the same key fail. */
  readonly failFirst?: number
  readonly failureKey?: string
}

const maxTokens = 20_000
const maxPaceMs = 60_000
const maxStallMs = 3_600_000

const clauseReaders: Record<string, (clause: Clause) => Behaviour> = {
  tokens: (clause) => ({ tokens: readWhole(clause, { min: 1, max: maxTokens }) }),
  pace: (clause) => ({ paceMs: readDuration(clause, maxPaceMs) }),
  'first-token': (clause) => ({ firstTokenMs: readDuration(clause, maxPaceMs) }),
  thinking: (clause) => ({ thinkingTokens: readWhole(clause, { min: 1, max: maxTokens }) }),
  redacted: () => ({ redacted: true }),
  pause: (clause) => ({ pauseAt: clause.at ?? 1 }),
  stop: (clause) => ({ stopReason: readStopReason(clause) }),
  ping: (clause) => ({ pingEvery: readWhole(clause, { min: 1, max: maxTokens }) }),
  unknown: (clause) => ({ unknownAt: clause.at ?? 0 }),
  tool: (clause) => ({ toolCalls: [readToolCall(clause)] }),
  rounds: (clause) => ({ toolRounds: readWhole(clause, { min: 1, max: 1000 }) }),
  error: (clause) => ({ failure: { kind: 'error', type: readErrorType(clause), at: clause.at } }),
  'retry-after': (clause) => ({ retryAfterSeconds: readWhole(clause, { min: 0, max: 86_400 }) }),
  code: (clause) => ({ errorCode: readWord(clause) }),
  reset: (clause) => ({ failure: { kind: 'reset', at: clause.at } }),
  stall: (clause) => ({ failure: { kind: 'stall', at: clause.at, ms: readStall(clause) } }),
  truncate: (clause) => ({ failure: { kind: 'truncate', at: clause.at ?? 0 } }),
  'fail-first': (clause) => ({ failFirst: readWhole(clause, { min: 1, max: 1000 }) }),
  key: (clause) => ({ failureKey: readWord(clause) }),
}

const positioned = new Set(['pause', 'unknown', 'error', 'reset', 'stall', 'truncate'])
const valueless = new Set(['redacted', 'pause', 'unknown', 'reset', 'truncate'])

/** Reads the clauses of a directive; a 400 names the first bad one. */
export function parseBehaviour(sources: readonly string[]): Behaviour {
  let behaviour: Behaviour = {}
  for (const clause of sources.map(readClause)) {
    behaviour = addClause(behaviour, clause, applyReader(clause))
  }
  return behaviour
}

function applyReader(clause: Clause): Behaviour {
  const read = Object.hasOwn(clauseReaders, clause.name) ? clauseReaders[clause.name] : undefined
  if (read === undefined) {
    throw badClause(clause.source, `is unknown; known are ${Object.keys(clauseReaders).join(', ')}`)
  }
  if (clause.at !== undefined && !positioned.has(clause.name))
    throw badClause(clause.source, 'takes no @position')
  if (clause.value !== undefined && valueless.has(clause.name))
    throw badClause(clause.source, 'takes no value')
  return read(clause)
}

function addClause(behaviour: Behaviour, clause: Clause, added: Behaviour): Behaviour {
  if (added.toolCalls && behaviour.toolCalls) {
    return { ...behaviour, toolCalls: [...behaviour.toolCalls, ...added.toolCalls] }
  }
  const twice = Object.keys(added).find((name) => Object.hasOwn(behaviour, name))
  if (twice === 'failure') throw badClause(clause.source, 'is a second failure; a request has one at most')
  if (twice !== undefined) throw badClause(clause.source, 'repeats what another says')
  return { ...behaviour, ...added }
}

function readStall(clause: Clause): number | undefined {
  return clause.value === undefined ? undefined : readDuration(clause, maxStallMs)
}
