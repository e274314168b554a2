import { Chat, type ChatEvent } from './chat.ts'
import { ChatError, makeCancelled } from './chat-error.ts'
import { parseDeploymentUrl } from './deployment-url.ts'
import { defaultKeepAlive, type KeepAlivePolicy } from './keep-alive.ts'
import type { Proof } from './proof.ts'
import type { Reply } from './reply-event.ts'
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts'
import type { SocketConstructor } from './socket-like.ts'

export interface ConnectOptions extends Proof {
  /** Of the deployment: `https://chat.example.org`, or with a path of its own, `https://example.org/omni2`. */
  readonly url: string
  /** Gives up connecting when it aborts (`cancelled`); a connected chat ignores it. */
  readonly signal?: AbortSignal | undefined
  /** An earlier conversation of this user to continue. */
  readonly conversationId?: string | undefined
  /** Takes each reply that was not asked for here: one that runs when the chat opens, one to another viewer's message. */
  readonly onReply?: ((reply: Reply) => void) | undefined
  readonly onEvent?: ((event: ChatEvent) => void) | undefined
  readonly retry?: Partial<RetryPolicy>
  readonly keepAlive?: Partial<KeepAlivePolicy>
  /** Longest time from opening a socket to `welcome`, in milliseconds; 15,000 when not given. */
  readonly openMs?: number
  /** In place of the global one. */
  readonly WebSocket?: SocketConstructor
  readonly fetch?: typeof fetch
  /** Whether that WebSocket takes headers, as Node's and `ws` do; a browser's does not. */
  readonly hasSocketHeaders?: boolean
  /** From 0 to 1; spreads reconnects. */
  readonly random?: () => number
}

/**
 * Opens a conversation; resolves once it can be used. Rejects with ChatError when the server is not there
 * (`connection_failed`) or refuses this user. Afterwards a lost connection is restored automatically.
 */
export async function connect(options: ConnectOptions): Promise<Chat> {
  const {
    url,
    signal,
    conversationId,
    onReply = () => {},
    onEvent = () => {},
    retry,
    keepAlive,
    ...rest
  } = options
  if (signal?.aborted) throw makeCancelled(signal)
  if (!(rest.WebSocket ?? globalThis.WebSocket))
    throw new ChatError(
      'no_web_socket',
      'WebSocket: there is none on this platform; give one, such as that of the package ws.',
    )
  const settings = {
    WebSocket: globalThis.WebSocket as SocketConstructor,
    fetch: globalThis.fetch.bind(globalThis),
    hasSocketHeaders: !('window' in globalThis || 'importScripts' in globalThis),
    openMs: 15_000,
    random: Math.random,
    ...rest,
    url: parseDeploymentUrl(url),
    retry: { ...defaultRetryPolicy, ...retry },
    keepAlive: { ...defaultKeepAlive, ...keepAlive },
  }
  return giveUpOnAbort(new Chat(settings, { conversationId, onReply, onEvent }), signal)
}

async function giveUpOnAbort(chat: Chat, signal: AbortSignal | undefined): Promise<Chat> {
  const giveUp = () => void chat.close()
  signal?.addEventListener('abort', giveUp)
  try {
    return await chat.connected
  } catch (error) {
    throw signal?.aborted ? makeCancelled(signal) : error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}
