import { z } from 'zod'

/** Schema of `name=value,name=value` in a variable; values may be percent-encoded (as in OpenTelemetry's variables). */
export const namedValues = z.string().transform((text, context) => {
  try {
    return Object.fromEntries(text.split(',').map(readPair))
  } catch {
    context.addIssue('must be name=value, separated by commas')
    return z.NEVER
  }
})

function readPair(pair: string): [name: string, value: string] {
  const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
  if (name === undefined || value === undefined) throw new Error('no pair')
  return [name, decodeURIComponent(value)]
}
