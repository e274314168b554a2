import type { z } from 'zod'
import { ApiError } from './api-error.ts'
import { describeIssue } from './describe-issue.ts'
import { countRequest, messagesRequest, type CountRequest, type MessagesRequest } from './request-shape.ts'
import { findFault } from './rules/find-fault.ts'

/** The body of POST /v1/messages, its string contents as text blocks; a 400 that names the first bad field. */
export function parseMessagesRequest(body: unknown): MessagesRequest {
  return parseWith(messagesRequest, body)
}

/** The body of POST /v1/messages/count_tokens. */
export function parseCountRequest(body: unknown): CountRequest {
  return parseWith(countRequest, body)
}

function parseWith<Request extends CountRequest>(schema: z.ZodType<Request>, body: unknown): Request {
  const parsed = schema.safeParse(body)
  const fault = parsed.success ? findFault(parsed.data) : describeIssue(parsed.error.issues[0], body)
  if (fault !== undefined) throw new ApiError('invalid_request_error', fault)
  return parsed.data as Request
}
