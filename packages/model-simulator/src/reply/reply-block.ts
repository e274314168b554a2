/** A content block as the pieces it is streamed in; each piece counts as one token. */
export type ReplyBlock =
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature: string }
  /** Comes whole: its pieces are counted, but not shown. */
  | { readonly type: 'redacted_thinking'; readonly pieces: readonly string[]; readonly data: string }
  | { readonly type: 'text'; readonly pieces: readonly string[] }
  | {
      readonly type: 'tool_use'
      readonly pieces: readonly string[]
      readonly id: string
      readonly name: string
    }
