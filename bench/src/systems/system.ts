import type { Root } from '../measure/read-cpu.ts'

/** One connection of a client that asks one question after another. */
export interface ChatClient {
  /** Resolves at the end of the answer; `onText` gets each piece of it. Rejects if it does not end well. */
  ask(text: string, onText: (piece: string) => void): Promise<void>
  close(): void
}

/** A system that is measured: ours, or what people would use instead. */
export interface System extends AsyncDisposable {
  readonly name: string
  /** The processes that serve, whose use is counted. */
  readonly roots: readonly Root[]
  /** Does what a gateway does before a client connects, so that it is not part of what is measured. */
  prepare?(clients: readonly number[]): Promise<void>
  /** Connects the client with this number, from 0. */
  connect(client: number): Promise<ChatClient>
}
