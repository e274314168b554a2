/** Starts a turn; `replaces` edits or regenerates from an earlier turn of the conversation. */
export type MessageFrame = {
  type: 'message'
  text: string
  client_msg_id?: string | undefined
  replaces?: string | undefined
}

/** A frame that a client sends; cancel and resume name their turn by one of its two names. */
export type ClientFrame =
  | MessageFrame
  | { type: 'cancel'; session_id?: string | undefined; client_msg_id?: string | undefined }
  | {
      type: 'resume'
      resume_token: string
      session_id?: string | undefined
      client_msg_id?: string | undefined
      attempt: number
      seq: number
    }
  | { type: 'ping' }
