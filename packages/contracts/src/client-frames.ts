import { z } from 'zod'
import { wireBounds } from './bounds.ts'
import { idSchema } from './ids.ts'

export const clientMsgIdSchema = z.string().min(1).max(wireBounds.clientMsgIdLength)

/** Starts a turn; `replaces` edits or regenerates from an earlier turn of the conversation. */
export const messageFrameSchema = z.looseObject({
  type: z.literal('message'),
  text: z.string(),
  client_msg_id: clientMsgIdSchema.optional(),
  replaces: idSchema.optional(),
})

/** Stops a turn, its model call and its tools; names it by session_id or client_msg_id. */
export const cancelFrameSchema = z
  .looseObject({
    type: z.literal('cancel'),
    session_id: idSchema.optional(),
    client_msg_id: clientMsgIdSchema.optional(),
  })
  .refine(namesOneTurn, 'name the turn by session_id or client_msg_id')

/** Asks for what is missing after a reconnect; nothing received yet is attempt 0, seq 0. */
export const resumeFrameSchema = z
  .looseObject({
    type: z.literal('resume'),
    resume_token: z.string().min(1).max(2048),
    session_id: idSchema.optional(),
    client_msg_id: clientMsgIdSchema.optional(),
    attempt: z.int().min(0).default(0),
    seq: z.int().min(0).default(0),
  })
  .refine(namesOneTurn, 'name the turn by session_id or client_msg_id')

export const pingFrameSchema = z.looseObject({ type: z.literal('ping') })

function namesOneTurn(frame: {
  session_id?: string | undefined
  client_msg_id?: string | undefined
}): boolean {
  return (frame.session_id === undefined) !== (frame.client_msg_id === undefined)
}

export const clientFrameSchema = z.discriminatedUnion('type', [
  messageFrameSchema,
  cancelFrameSchema,
  resumeFrameSchema,
  pingFrameSchema,
])

export type ClientFrame = z.infer<typeof clientFrameSchema>
export type MessageFrame = z.infer<typeof messageFrameSchema>
export type CancelFrame = z.infer<typeof cancelFrameSchema>
export type ResumeFrame = z.infer<typeof resumeFrameSchema>

export const clientFrameTypes = [
  'message',
  'cancel',
  'resume',
  'ping',
] as const satisfies ClientFrame['type'][]
