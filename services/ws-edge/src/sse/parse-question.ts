import { askRequestSchema } from '@omni2/contracts'
import { checkText } from '../message/check-text.ts'
import { RequestRefused } from './request-refused.ts'

/** The text of a question from a request's body, checked as a message on a socket is. Throws RequestRefused. */
export function parseQuestion(body: Uint8Array, { textLength }: { textLength: number }): string {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RequestRefused('invalid_frame', { error: 'The body is not a JSON object.' })
  const message = 'message' in value ? value.message : undefined
  if (typeof message !== 'string')
    throw new RequestRefused('invalid_text', { error: 'The body needs a `message` that is a string.' })
  const problem = checkText(message, { textLength })
  if (problem) throw refuseText(problem)
  // What is left can only be a bound of the contract above the configured one.
  if (!askRequestSchema.safeParse(value).success) throw new RequestRefused('invalid_frame')
  return message.toWellFormed()
}

function refuseText({ code, error, limit }: NonNullable<ReturnType<typeof checkText>>): RequestRefused {
  const fields = limit === undefined ? {} : { limit }
  return new RequestRefused(code, { fields, ...(error === undefined ? {} : { error }) })
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new RequestRefused('invalid_json', { error: 'The body is not valid JSON.', cause })
  }
}
