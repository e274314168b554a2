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

const dayMs = 86_400_000

/** `7d`, days that end today, or a day itself, as the first UTC day; throws a usage error that names the flag. */
export function parseDay(flag: string, text: string, now: Date): string {
  const [, count = '0'] = /^(\d{1,4})d$/.exec(text) ?? []
  if (Number(count) > 0)
    return new Date(now.getTime() - (Number(count) - 1) * dayMs).toISOString().slice(0, 10)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && dayOf(Date.parse(text)) === text) return text
  throw makeUsageError(`${flag} ${text}: must be days such as 7d, or a day such as 2026-11-01`)
}

const dayOf = (time: number): string | undefined =>
  Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10)

/** A number of a flag; throws a usage error that names it. */
export function parseNumber(flag: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value) || value < 0)
    throw makeUsageError(`${flag} ${text}: must be a number from 0 on`)
  return value
}
