import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { ChatState } from './chat-state.ts'
import { ChatStore, type ChatStoreOptions } from './chat-store.ts'

export interface UsedChat extends ChatState {
  /** Sends a message; `replaces`: the turn that it edits or regenerates. */
  readonly send: (text: string, options?: { replaces?: string | undefined }) => Promise<string>
  /** Stops a turn, or withdraws a message that waits, by the key of its exchange. */
  readonly stop: (key: string) => void
}

/**
 * Keeps one conversation open while the component is mounted. `key` decides which one: another key closes the
 * connection and opens another; other options are read only then.
 */
export function useChat(key: string, options: ChatStoreOptions): UsedChat {
  const [store, setStore] = useState<ChatStore>()
  useEffect(() => {
    const opened = new ChatStore(options)
    setStore(opened)
    return () => void opened.close()
    // oxlint-disable-next-line react/exhaustive-deps -- the key stands for the options
  }, [key])
  const state = useSyncExternalStore(store?.subscribe ?? never, store?.getState ?? nothing)
  return useMemo(
    () => ({
      ...state,
      send: async (text, sendOptions) => (await whenOpen(store)).send(text, sendOptions),
      stop: (exchange) => store?.stop(exchange),
    }),
    [state, store],
  )
}

const closed: ChatState = {
  connection: { type: 'connecting' },
  conversationId: undefined,
  welcome: undefined,
  limits: [],
  exchanges: [],
}
const nothing = () => closed
const never = () => () => {}

async function whenOpen(store: ChatStore | undefined): Promise<ChatStore> {
  if (!store) throw new TypeError('the chat is not mounted')
  return store
}
