import type { ReplyBlock } from '../reply/reply-block.ts'

/** One token of a reply, on its way. */
export interface SentPiece {
  readonly type: ReplyBlock['type']
  readonly piece: string
}

/** What a player does next with a response. */
export type Step =
  /** Writes text, the tokens in it given along; `paced` waits for its turn in the pace. */
  | {
      readonly do: 'write'
      readonly text: string
      readonly pieces?: readonly SentPiece[]
      readonly paced?: boolean
    }
  /** Stays silent; Infinity = until the client leaves. */
  | { readonly do: 'pause'; readonly ms: number }
  /** Ends the connection with a TCP reset, once what was written is on its way. */
  | { readonly do: 'reset' }
  /** Ends the response as HTTP has it, whatever the text in it says. */
  | { readonly do: 'end'; readonly outcome: 'finished' | 'failed' | 'truncated' }
