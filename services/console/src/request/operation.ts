import type { Bus, JetStreamManager } from '@omni2/bus'
import type { Database } from '@omni2/db'
import type { BcryptThread } from '@omni2/passwords'
import type { Logger } from '@omni2/service-kit'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import type { Access, Actor } from './admit-request.ts'
import type { ConsoleConfig } from '../config.ts'
import type { KnownSteps } from './known-steps.ts'
import type { LiveFeeds } from './live-feeds.ts'
import type { ConsoleMetrics } from '../metrics.ts'
import type { ConsoleRefusal } from '../console-refused.ts'
import { parseInput, type OperationSchemas, type RawInput } from './parse-input.ts'

/** What operations work with; each takes the part it uses. */
export interface ConsoleServices {
  readonly database: Pick<Database, 'db'>
  readonly bus: Pick<Bus, 'publish' | 'publishDurably' | 'request' | 'gather' | 'subscribe' | 'flush'>
  readonly letters: Pick<JetStreamManager, 'streams' | 'consumers'>
  readonly feeds: LiveFeeds
  readonly knownSteps: Pick<KnownSteps, 'list'>
  readonly bcrypt: Pick<BcryptThread, 'hash' | 'waiting'>
  readonly metrics: Pick<ConsoleMetrics, 'changes' | 'announcementFailures'>
  readonly config: ConsoleConfig
}

/** One admitted request. */
export interface RequestContext extends ConsoleServices {
  readonly actor: Actor
  readonly requestId: string
  /** The version that a change is meant for. */
  readonly ifMatch: string | undefined
  readonly log: Logger
}

/** Where the operations of an API are served: what operators do, and what every user does with what is their own. */
export const apiPaths = { admin: '/api/admin/v1', chat: '/api/v1' } as const

export type ApiName = keyof typeof apiPaths

interface OperationHead {
  /** `operationId` of the OpenAPI document. */
  readonly id: string
  /** Unless given, `admin`. */
  readonly api?: ApiName
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the path of its API, with `{names}`. */
  readonly path: string
  readonly summary: string
  /** Its answer carries a version, for If-Match: of all of what is read, or of this field. */
  readonly versioned?: boolean | string
  /** Refusals of its own, beside those of every operation of its kind. */
  readonly refuses?: readonly ConsoleRefusal[]
  /** It changes nothing, although its method is not GET. */
  readonly isSafe?: boolean
  /** What its path names need not be there before. */
  readonly creates?: boolean
}

interface JsonOperation<P, Q, B, A> extends OperationHead, OperationSchemas<P, Q, B> {
  readonly answer: z.ZodType<A>
  handle(input: { params: P; query: Q; body: B }, context: RequestContext): Promise<A>
}

interface StreamOperation<P, Q, B> extends OperationHead, OperationSchemas<P, Q, B> {
  /** Unless given, server-sent events. */
  readonly contentTypes?: readonly string[]
  handle(input: { params: P; query: Q; body: B }, context: RequestContext, reply: FastifyReply): Promise<void>
}

/** One operation as it is served, documented and tested. */
export interface Operation extends OperationHead {
  readonly api: ApiName
  readonly access: Access
  readonly refuses: readonly ConsoleRefusal[]
  readonly kind: 'json' | 'stream'
  readonly params: z.ZodType | undefined
  readonly query: z.ZodType | undefined
  readonly body: z.ZodType | undefined
  /** Undefined for a stream. */
  readonly answer: z.ZodType | undefined
  readonly contentTypes: readonly string[]
  /** Answers an admitted request. Throws ConsoleRefused. */
  respond(raw: RawInput, context: RequestContext, reply: FastifyReply): Promise<unknown>
}

/** An operation that answers with JSON; what operators do is a change unless it is a GET, or safe. */
export function defineOperation<P, Q, B, A>(operation: JsonOperation<P, Q, B, A>): Operation {
  return {
    ...headOf(operation),
    kind: 'json',
    answer: operation.answer,
    contentTypes: ['application/json'],
    respond: async (raw, context) => operation.handle(parseInput(raw, operation), context),
  }
}

/** An operation that answers with a stream: server-sent events, or a file. */
export function defineStream<P, Q, B>(operation: StreamOperation<P, Q, B>): Operation {
  return {
    ...headOf(operation),
    kind: 'stream',
    answer: undefined,
    contentTypes: operation.contentTypes ?? ['text/event-stream'],
    respond: async (raw, context, reply) => {
      await operation.handle(parseInput(raw, operation), context, reply)
      return reply
    },
  }
}

function headOf<P, Q, B>(operation: OperationHead & OperationSchemas<P, Q, B>) {
  const {
    id,
    api = 'admin',
    method,
    path,
    summary,
    versioned = false,
    refuses = [],
    creates = false,
    isSafe = false,
    params,
    query,
    body,
  } = operation
  const access: Access = api === 'chat' ? 'own' : method === 'GET' || isSafe ? 'read' : 'change'
  return { id, api, method, path, summary, versioned, refuses, creates, access, params, query, body }
}
