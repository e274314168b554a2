import { makeUsageError } from '../operator-error.ts'

const units: Record<string, number> = { s: 1, m: 60, h: 3600 }

/** `90s`, `10m` or `2h` as seconds; throws a usage error that names the flag. */
export function parseDuration(flag: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  const factor = units[unit]
  if (count === undefined || factor === undefined)
    throw makeUsageError(`${flag} ${text}: must be a time such as 90s, 10m or 2h`)
  return Number(count) * factor
}

/** A number of a flag; throws a usage error that names it. */
export function parseNumber(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value) || value < 0)
    throw makeUsageError(`${flag} ${text}: must be a number from 0 on`)
  return value
}
