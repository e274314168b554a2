import type { z } from 'zod'
import {
  aliveReplySchema,
  cancelReplySchema,
  cancelRequestSchema,
  openReplySchema,
  openRequestSchema,
  ownerCancelReplySchema,
  ownerRequestSchema,
  recheckReplySchema,
  recheckRequestSchema,
  resultReplySchema,
  resultRequestSchema,
  snapshotReplySchema,
  statusReplySchema,
  statusRequestSchema,
  toolCallReplySchema,
  toolCallRequestSchema,
  toolsReplySchema,
  toolsRequestSchema,
  viewersReplySchema,
  viewersRequestSchema,
} from './bus-messages.ts'
import { subjects } from './subjects.ts'

/** A request on the bus: where it goes, what it asks, what it is answered with. */
export interface BusRequest<Asked extends z.ZodType, Answered extends z.ZodType> {
  readonly subject: string
  readonly request: Asked
  readonly reply: Answered
  /** One member of the group answers each request, or two if the first is slow: an answer must do no harm twice. Without it every listener answers. */
  readonly group?: string
  /** Answers take seconds, so no second member is asked meanwhile. */
  readonly isSlow?: true
}

/** Every request of the bus, defined once for the side that asks and the side that answers. */
export const requests = {
  open: { subject: subjects.open, request: openRequestSchema, reply: openReplySchema, group: 'chat-worker' },
  recheck: {
    subject: subjects.recheck,
    request: recheckRequestSchema,
    reply: recheckReplySchema,
    group: 'chat-worker',
  },
  result: {
    subject: subjects.result,
    request: resultRequestSchema,
    reply: resultReplySchema,
    group: 'chat-worker',
  },
  cancel: {
    subject: subjects.cancel,
    request: cancelRequestSchema,
    reply: cancelReplySchema,
    group: 'chat-worker',
  },
  tools: {
    subject: subjects.tools,
    request: toolsRequestSchema,
    reply: toolsReplySchema,
    group: 'chat-worker',
    isSlow: true,
  },
  toolCall: {
    subject: subjects.toolCall,
    request: toolCallRequestSchema,
    reply: toolCallReplySchema,
    group: 'chat-worker',
    isSlow: true,
  },
  /** To every process. */
  status: { subject: subjects.status, request: statusRequestSchema, reply: statusReplySchema },
  /** To the worker that runs the turn. */
  owner: {
    snapshot: (turnId: string) => askOwner(turnId, 'snapshot', snapshotReplySchema),
    cancel: (turnId: string) => askOwner(turnId, 'cancel', ownerCancelReplySchema),
    alive: (turnId: string) => askOwner(turnId, 'alive', aliveReplySchema),
  },
  /** To the edges, of a turn or a conversation. */
  viewers: (id: string) => ({
    subject: subjects.viewers(id),
    request: viewersRequestSchema,
    reply: viewersReplySchema,
  }),
} as const

const askOwner = <Answered extends z.ZodType>(
  turnId: string,
  verb: Parameters<typeof subjects.owner>[1],
  reply: Answered,
) => ({ subject: subjects.owner(turnId, verb), request: ownerRequestSchema, reply })
