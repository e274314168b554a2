export type { ChatState, ConnectionState, Exchange, ToolUse } from './chat-state.ts'
export { ChatStore, type ChatStoreOptions } from './chat-store.ts'
export { hasEnded } from './follow-reply.ts'
export { useChat, type UsedChat } from './use-chat.ts'
