import { setTimeout as sleep } from 'node:timers/promises'
import { type Chat, type Frame, type Login, openChat } from './open-chat.ts'

/** What a client saw of one turn. */
export interface FollowedTurn {
  readonly turnId: string
  /** Terminal frames; more than one would be a fault. */
  readonly ends: readonly string[]
  /** Edges that served it, one after the other. */
  readonly edges: readonly string[]
}

interface Progress {
  turnId: string | undefined
  attempt: number
  seq: number
  resumeToken: string | undefined
  readonly ends: string[]
  readonly edges: string[]
}

interface Watching {
  /** Called at the first piece of the reply. */
  readonly onText?: () => void
}

const terminal = new Set(['done', 'cancelled', 'error', 'blocked'])
const retryMs = 500

/** Sends a message and follows its turn to the end, over as many connections as it takes. */
export async function followTurn(text: string, login: Login, watching: Watching = {}): Promise<FollowedTurn> {
  const progress: Progress = {
    turnId: undefined,
    attempt: 0,
    seq: 0,
    resumeToken: undefined,
    ends: [],
    edges: [],
  }
  while (progress.ends.length === 0) {
    using chat = await openChat(login).catch(() => undefined)
    if (chat !== undefined) await followOn(chat, text, progress, watching)
    if (progress.ends.length === 0) await sleep(retryMs)
  }
  return { turnId: progress.turnId ?? '', ends: progress.ends, edges: progress.edges }
}

/** Follows the turn on one connection, until its end or the connection's. */
async function followOn(chat: Chat, text: string, progress: Progress, watching: Watching): Promise<void> {
  for (let frame = await chat.next(); frame !== undefined; frame = await chat.next()) {
    if (frame.type === 'welcome') greet(chat, frame, text, progress)
    else if (frame.type === 'unrecoverable') throw new Error(`unrecoverable: ${JSON.stringify(frame)}`)
    else if (frame.type === 'pong') return
    else advance(frame, progress, watching)
    // Frames before the pong were sent before it: a second end would show.
    if (terminal.has(frame.type) || frame.type === 'finished') chat.send({ type: 'ping' })
  }
}

function greet(chat: Chat, welcome: Frame, text: string, progress: Progress): void {
  progress.edges.push(welcome.edge ?? '')
  const { turnId, attempt, seq, resumeToken } = progress
  progress.resumeToken ??= welcome.resume_token
  if (turnId === undefined) chat.send({ type: 'message', text })
  else chat.send({ type: 'resume', resume_token: resumeToken, session_id: turnId, attempt, seq })
}

function advance(frame: Frame, progress: Progress, { onText }: Watching): void {
  progress.turnId ??= frame.session_id
  if (frame.attempt !== undefined && frame.attempt >= progress.attempt)
    Object.assign(progress, { attempt: frame.attempt, seq: frame.seq ?? 0 })
  if (frame.type === 'token') onText?.()
  if (terminal.has(frame.type)) progress.ends.push(frame.type)
  if (frame.type === 'finished') progress.ends.push(frame.frame?.type ?? 'finished')
}
