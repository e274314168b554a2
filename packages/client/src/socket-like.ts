/** The fields that are read of the events of a WebSocket. */
export interface SocketEvent {
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
}

/** The part of a WebSocket that is used here. */
export interface SocketLike {
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void
}

/** Makes a WebSocket; only in Node does it get options, with the headers that prove who connects. */
export type SocketConstructor = new (url: string, options?: { headers: Record<string, string> }) => SocketLike
