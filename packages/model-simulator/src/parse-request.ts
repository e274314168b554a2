import type { z } from 'zod'
import { ApiError } from './api-error.ts'
import { newestVersion, type ApiVersion } from './request/check-headers.ts'
import { describeIssue } from './request/describe-issue.ts'
import {
  countRequest,
  messagesRequest,
  type CountRequest,
  type MessagesRequest,
} from './request/request-shape.ts'
import { findFault } from './rules/find-fault.ts'

/** The body of POST /v1/messages, its string contents as text blocks; a 400 that names the first fault. */
export function parseMessagesRequest(body: unknown, version: ApiVersion = newestVersion): MessagesRequest {
  return parseWith(messagesRequest, body, version)
}

/** The body of POST /v1/messages/count_tokens. */
export function parseCountRequest(body: unknown, version: ApiVersion): CountRequest {
  return parseWith(countRequest, body, version)
}

function parseWith<Request extends CountRequest>(
  schema: z.ZodType<Request>,
  body: unknown,
  version: ApiVersion,
): Request {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw refuse(describeIssue(parsed.error.issues[0], body))
  const fault = findFault(parsed.data, version)
  if (fault !== undefined) throw refuse(fault)
  return parsed.data
}

const refuse = (why: string): ApiError => new ApiError('invalid_request_error', why)
