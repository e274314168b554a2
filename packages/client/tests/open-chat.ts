import {
  type Chat,
  connect,
  type ConnectOptions,
  type ChatEvent,
  type Reply,
  type ReplyEvent,
} from '../src/index.ts'
import { Mailbox } from './mailbox.ts'
import { openScriptedServer, type ScriptedServer, type ScriptedSocket } from './scripted-server.ts'

export interface OpenChat extends AsyncDisposable {
  readonly server: ScriptedServer
  readonly chat: Chat
  /** The first socket, welcomed. */
  readonly socket: ScriptedSocket
  /** Replies that were not asked for here. */
  readonly replies: Mailbox<Reply>
  /** What happened to the connection so far. */
  readonly events: ChatEvent[]
}

/** Reconnects without delay, so that tests wait for facts only. */
export const atOnce = { retry: { baseMs: 0, capMs: 0 }, random: () => 0 }

/** A chat that is connected to a scripted server. */
export async function openChat(options: Partial<ConnectOptions> = {}): Promise<OpenChat> {
  const server = await openScriptedServer()
  const events: ChatEvent[] = []
  const onEvent = (event: ChatEvent) => void events.push(event)
  const replies = new Mailbox<Reply>()
  const onReply = (reply: Reply) => replies.put(reply)
  const opening = connect({ url: server.url, token: 'token-1', onEvent, onReply, ...atOnce, ...options })
  const socket = await server.nextSocket()
  socket.welcome()
  const chat = await opening
  const end = async () => {
    await chat.close()
    await server[Symbol.asyncDispose]()
  }
  return { server, chat, socket, replies, events, [Symbol.asyncDispose]: end }
}

/** All events of a reply, once it has ended. */
export async function readAll(reply: Reply): Promise<ReplyEvent[]> {
  const events: ReplyEvent[] = []
  for await (const event of reply.events()) events.push(event)
  return events
}

/** Resolves at the next event of a kind. */
export async function awaitEvent(reply: Reply, type: ReplyEvent['type']): Promise<ReplyEvent> {
  for await (const event of reply.events()) if (event.type === type) return event
  throw new Error(`the reply ended without ${type}`)
}
