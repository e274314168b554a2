import { makeUsageError } from '@omni2/cli/operator-error'

/** A whole number from the command line; throws a usage error that names the flag and its bounds. */
export function parseCount(flag: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw makeUsageError(`${flag} ${text}: must be a whole number from ${min} to ${max}`)
}
