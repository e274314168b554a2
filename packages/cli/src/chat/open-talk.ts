import { ask, ChatError, connect, type ChatEvent, type Reply, type TokenProvider } from '@omni2/client'
import { OperatorError } from '../operator-error.ts'
import type { Screen } from './print-reply.ts'
import type { ChatOptions } from './read-chat-options.ts'

/** Something that answers, over a socket or over SSE. */
export interface Talk extends AsyncDisposable {
  /** What a person reads first. */
  readonly greeting: string
  send(text: string): Reply
}

interface TalkDeps {
  readonly url: string
  readonly token: TokenProvider
  readonly screen: Pick<Screen, 'note'>
}

/** Connects; throws an OperatorError when that is refused. */
export async function openTalk(
  { sse, conversation }: Pick<ChatOptions, 'sse' | 'conversation'>,
  { url, token, screen }: TalkDeps,
): Promise<Talk> {
  if (sse)
    return {
      greeting: 'Every message stands alone over SSE.',
      send: (text) => ask(text, { url, token }),
      [Symbol.asyncDispose]: async () => {},
    }
  const onEvent = makeReporter(screen)
  const chat = await connect({ url, token, conversationId: conversation, onEvent }).catch(
    (error: unknown) => {
      if (!(error instanceof ChatError)) throw error
      throw new OperatorError(`no chat at ${url}: ${error.message}`, { cause: error })
    },
  )
  return {
    greeting: `${chat.welcome.text}\nConversation ${chat.conversationId}`,
    send: (text) => chat.send(text),
    [Symbol.asyncDispose]: () => chat.close(),
  }
}

function makeReporter({ note }: Pick<Screen, 'note'>): (event: ChatEvent) => void {
  let wasConnected = false
  let isDown = false
  return (event) => {
    if (event.type === 'disconnected' && !isDown) note(`connection lost (${event.code}); connecting again`)
    if (event.type === 'connected' && isDown) note('connected again')
    // A refused first connection is reported by `connect`.
    if (event.type === 'closed' && event.error && wasConnected)
      note(`connection ended: ${event.error.message}`)
    wasConnected ||= event.type === 'connected'
    isDown = event.type === 'disconnected' || (isDown && event.type !== 'connected')
  }
}
