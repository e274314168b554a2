import { ApiError, errorStatuses, type ErrorType } from '../api-error.ts'

/** One `name[=value][@position]` of a directive. */
export interface Clause {
  readonly source: string
  readonly name: string
  readonly value: string | undefined
  /** After how many tokens of the reply it happens. */
  readonly at: number | undefined
}

export function readClause(source: string): Clause {
  const [, name = '', value, at] = /^([a-z-]+)(?:=(.+?))?(?:@(\d{1,9}))?$/s.exec(source) ?? []
  if (name === '') throw badClause(source, 'is not name, name=value, name@position or name=value@position')
  return { source, name, value, at: at === undefined ? undefined : Number(at) }
}

export function readWhole(clause: Clause, bounds: { min: number; max: number }): number {
  const number = /^\d{1,9}$/.test(clause.value ?? '') ? Number(clause.value) : NaN
  if (number >= bounds.min && number <= bounds.max) return number
  throw badClause(clause.source, `needs a whole number from ${bounds.min} to ${bounds.max}`)
}

/** Milliseconds, with or without the unit: `20`, `20ms`, `0.5`. */
export function readDuration(clause: Clause, maxMs: number): number {
  const [, digits] = /^(\d{1,9}(?:\.\d{1,3})?)(?:ms)?$/.exec(clause.value ?? '') ?? []
  if (digits !== undefined && Number(digits) <= maxMs) return Number(digits)
  throw badClause(clause.source, `needs a number of milliseconds up to ${maxMs}`)
}

export function readWord(clause: Clause): string {
  if (/^[\w.:-]{1,128}$/.test(clause.value ?? '')) return clause.value ?? ''
  throw badClause(clause.source, 'needs a word of letters, digits and _ . : -')
}

/** An error type by its name or by its HTTP status. */
export function readErrorType(clause: Clause): ErrorType {
  const types = Object.entries(errorStatuses) as [ErrorType, number][]
  const found = types.find(([type, status]) => clause.value === type || clause.value === String(status))
  if (found !== undefined) return found[0]
  const known = types.map(([type, status]) => `${status} ${type}`).join(', ')
  throw badClause(clause.source, `needs one of ${known}`)
}

const stopReasons = ['refusal', 'stop_sequence', 'model_context_window_exceeded'] as const

export function readStopReason(clause: Clause): (typeof stopReasons)[number] {
  const found = stopReasons.find((reason) => reason === clause.value)
  if (found !== undefined) return found
  throw badClause(clause.source, `needs one of ${stopReasons.join(', ')}`)
}

/** A tool call, `name` or `name:{json}`. */
export function readToolCall(clause: Clause): { name: string; input: Record<string, unknown> } {
  const [, name, json = '{}'] = /^([\w-]{1,128})(?::(\{.*\}))?$/s.exec(clause.value ?? '') ?? []
  if (name === undefined) throw badClause(clause.source, 'needs name or name:{json object}')
  try {
    const input: unknown = JSON.parse(json)
    return { name, input: { ...(input as object) } }
  } catch {
    throw badClause(clause.source, 'has an input that is not a JSON object')
  }
}

export function badClause(source: string, why: string): ApiError {
  return new ApiError('invalid_request_error', `simulator directive "${source}" ${why}`)
}
