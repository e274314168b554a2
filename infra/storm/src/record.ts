/** A frame as it came, with when. */
export type Frame = { readonly type: string } & Readonly<Record<string, unknown>>

/** The turn that a frame belongs to; empty for a frame of no turn. */
export const turnOf = ({ session_id }: Frame): string => (typeof session_id === 'string' ? session_id : '')

export interface SeenFrame {
  /** Milliseconds since the storm began. */
  readonly at: number
  readonly frame: Frame
}

/** One connection of one client, from its first frame to its end. */
export interface ConnectionView {
  readonly client: string
  readonly user_id: number
  readonly kind: 'ws' | 'sse'
  /** Named by the client in its resume: the last frame that it had of this turn. */
  readonly frames: SeenFrame[]
}

/** What a client asked, and how it ended for it. */
export interface AskedTurn {
  readonly client: string
  readonly user_id: number
  readonly session_id: string
  readonly text: string
  /** The client saw `accepted`, or a frame of the turn. */
  accepted: boolean
  /** The client saw the end. */
  ended: boolean
}

/** One row of `omni2.turns`, with what else the database has of the turn. */
export interface StoredTurn {
  readonly session_id: string
  readonly user_id: number
  readonly status: string
  readonly attempt: number
  readonly answer: string | null
  readonly ended: boolean
  readonly audit_rows: number
  readonly reservations: number
  /** Null: no flow. */
  readonly flow_status: string | null
  readonly flow_events: readonly { event_type: string; attempt: number; ordinal: number }[]
}

export interface ProcessUse {
  readonly name: string
  readonly pid: number
  readonly residentBytes: number
  readonly descriptors: number
}

/** All that a storm leaves behind: what clients saw, what was stored, what processes used. */
export interface StormRecord {
  readonly seed: number
  readonly faults: readonly { at: number; what: string }[]
  readonly connections: readonly ConnectionView[]
  readonly asked: readonly AskedTurn[]
  readonly turns: readonly StoredTurn[]
  readonly queue: { messages: number; waiting: number; unacknowledged: number }
  readonly deadLetters: number
  /** Texts that the model server sent. */
  readonly modelTexts: readonly string[]
  readonly before: readonly ProcessUse[]
  readonly after: readonly ProcessUse[]
  /** Of processes that were asked to stop. */
  readonly exits: readonly { name: string; code: string }[]
  /** Files that contain a secret of the run. */
  readonly leaks: readonly string[]
}

/** A broken invariant, and the turn that it concerns, if it is one. */
export interface Violation {
  readonly invariant: string
  readonly detail: string
  readonly session_id?: string
}
