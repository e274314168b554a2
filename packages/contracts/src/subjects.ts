import type { ServerFrameType } from './server-frames.ts'

export type OwnerVerb = 'snapshot' | 'cancel' | 'alive'

const idPattern = /^[0-9a-f-]{36}$/

/** Subjects are built here and from validated ids only: a `.`, `*`, `>` or space can never come in from outside. */
export const subjects = {
  open: 'chat.open',
  recheck: 'chat.recheck',
  turns: 'chat.turns',
  result: 'chat.result',
  cancel: 'chat.cancel',
  tools: 'chat.tools',
  /** Calls a tool, as an operator who tries it. */
  toolCall: 'chat.tool_call',
  /** Every process answers how it is. */
  status: 'chat.status',
  /** Each worker announces itself to the others. */
  workers: 'chat.workers',
  reply: (turn: TurnAddress, type: ServerFrameType) =>
    `chat.replies.${channelOf(turn)}.${checkId(turn.session_id)}.${type}`,
  /** Beside a turn's frames: a message came under its id that asks something else. */
  mismatch: (turn: TurnAddress) => `chat.replies.${channelOf(turn)}.${checkId(turn.session_id)}.mismatch`,
  /** All frames of all turns of a conversation. */
  repliesOfConversation: (conversationId: string) => `chat.replies.${checkId(conversationId)}.>`,
  /** All frames of one turn. */
  repliesOfTurn: (turnId: string) => `chat.replies.*.${checkId(turnId)}.>`,
  owner: (turnId: string, verb: OwnerVerb) => `chat.owner.${checkId(turnId)}.${verb}`,
  /** Asks whether a turn or a conversation has viewers; an edge answers another one only while it has some. */
  viewers: (id: string) => `chat.viewers.${checkId(id)}`,
  /** What workers record of a turn. */
  flowEvents: (turnId: string) => `flow.events.${checkId(turnId)}`,
  /** The one thing that edges record of it: that it was accepted. */
  flowAccepted: (turnId: string) => `flow.accepted.${checkId(turnId)}`,
  flowLive: (userId: number) => `flow.live.${checkUserId(userId)}`,
  controlOfUser: (userId: number) => `control.user.${checkUserId(userId)}`,
  controlOfUsers: 'control.user.*',
  /** The MCP servers changed. */
  controlOfTools: 'control.tools',
  /** The price of a model changed. */
  controlOfPrices: 'control.prices',
  dead: (stream: string) => `dead.${stream}`,
} as const

/** Where a turn's frames go: below its conversation, or below its own id when it has none. */
export interface TurnAddress {
  session_id: string
  conversation_id: string | null
}

const channelOf = (turn: TurnAddress): string => checkId(turn.conversation_id ?? turn.session_id)

function checkId(id: string): string {
  if (!idPattern.test(id)) throw new TypeError('not an id for a subject')
  return id
}

function checkUserId(userId: number): number {
  if (!Number.isSafeInteger(userId) || userId < 1) throw new TypeError('not a user id for a subject')
  return userId
}
