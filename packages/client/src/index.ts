export { ask, type AskOptions } from './ask.ts'
export {
  ChatApi,
  type ChatApiOptions,
  type Conversation,
  type Page,
  type SpokenTool,
  type SpokenTurn,
} from './chat-api.ts'
export {
  ChatError,
  type ChatErrorCode,
  type ClientErrorCode,
  type ErrorDetails,
  type HttpErrorCode,
} from './chat-error.ts'
export type { Chat, ChatEvent, SendOptions, Welcome } from './chat.ts'
export { connect, type ConnectOptions } from './connect.ts'
export type { ErrorCodeName } from './error-code-name.ts'
export type { KeepAlivePolicy } from './keep-alive.ts'
export type { Login, Me, Tokens } from './kept-login.ts'
export { logIn, type LogInOptions } from './log-in.ts'
export type { Proof, TokenProvider } from './proof.ts'
export type { Reply, ReplyEvent, ReplyResult } from './reply-event.ts'
export type { RetryPolicy } from './retry-policy.ts'
export type { LimitKind, LimitState, ServerFrame, TurnResult } from './server-frames.ts'
export type { SocketConstructor, SocketLike } from './socket-like.ts'
