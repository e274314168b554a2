import { ChatError } from './chat-error.ts'
import { parseDeploymentUrl } from './deployment-url.ts'
import { isRenewable, type Proof, proveRequest } from './proof.ts'
import { type RequestMethod, sendRequest } from './send-request.ts'

export interface ChatApiOptions extends Pick<Proof, 'token'> {
  /** Of the deployment, as for `connect`. */
  readonly url: string
  readonly fetch?: typeof fetch
}

/** A page of a list; `next_cursor` null: that was all. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next_cursor: string | null
}

/** A conversation in its user's list. Times are ISO 8601. */
export interface Conversation {
  readonly conversation_id: string
  /** What its user named it, else the beginning of its first question. */
  readonly title: string
  readonly created_at: string
  /** When its last turn began. */
  readonly updated_at: string
  /** Whether a turn of it runs. */
  readonly running: boolean
}

/** What was asked and answered in a turn. Cost in USD, times ISO 8601. */
export interface SpokenTurn {
  readonly session_id: string
  readonly client_msg_id: string | null
  /** The turn that this one edits or regenerates. */
  readonly replaces: string | null
  readonly source: 'ws' | 'sse'
  readonly status:
    | 'queued'
    | 'running'
    | 'done'
    | 'error'
    | 'cancelled'
    | 'interrupted'
    | 'refused'
    | 'blocked'
  readonly attempt: number
  readonly user_text: string
  readonly answer: string | null
  readonly error_code: string | null
  /** For people. */
  readonly error: string | null
  readonly model: string | null
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly cost_usd: number | null
  readonly duration_ms: number | null
  readonly created_at: string
  readonly ended_at: string | null
  /** Tool calls in their order, once they are recorded: a moment after the end. */
  readonly tools: readonly SpokenTool[]
}

/** A tool call of an earlier turn. */
export interface SpokenTool {
  readonly call_id: string
  /** `server.tool`. */
  readonly name: string
  /** Null where it is long. */
  readonly input: unknown
  /** Null: its result is not known. */
  readonly status: 'ok' | 'error' | 'refused' | 'timeout' | 'cancelled' | null
  readonly duration_ms: number | null
}

interface PageOptions {
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined
  /** 1 to 200; 50 when not given. */
  readonly limit?: number | undefined
}

interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>
  /** Sent as JSON. */
  readonly body?: object
  readonly signal?: AbortSignal | undefined
}

/** A user's conversations over HTTP; every method throws ChatError. */
export class ChatApi {
  readonly #url: string
  readonly #proof: Pick<Proof, 'token'>
  readonly #fetch: typeof fetch

  constructor({ url, token, fetch = globalThis.fetch.bind(globalThis) }: ChatApiOptions) {
    this.#url = parseDeploymentUrl(url)
    this.#proof = { token }
    this.#fetch = fetch
  }

  /** Conversations, the last used first; `search`: words of their titles and texts. */
  listConversations({
    search,
    cursor,
    limit,
    signal,
  }: PageOptions & { search?: string | undefined; signal?: AbortSignal | undefined } = {}): Promise<
    Page<Conversation>
  > {
    return this.request('GET', '/api/v1/conversations', { query: { search, cursor, limit }, signal })
  }

  /** What was said in a conversation, the newest turn first. */
  listTurns(conversationId: string, { cursor, limit }: PageOptions = {}): Promise<Page<SpokenTurn>> {
    return this.request('GET', `${pathOf(conversationId)}/turns`, { query: { cursor, limit } })
  }

  /** Names a conversation; an empty title goes back to its first question. */
  renameConversation(conversationId: string, title: string): Promise<Conversation> {
    return this.request('PATCH', pathOf(conversationId), { body: { title } })
  }

  /** Deletes a conversation from the user's lists; what its turns used stays counted. */
  async deleteConversation(conversationId: string): Promise<void> {
    await this.request('DELETE', pathOf(conversationId))
  }

  /** Any operation of the server by its path, such as `/api/v1/flows`; resolves to its answer. */
  async request<T>(method: RequestMethod, path: string, options: RequestOptions = {}): Promise<T> {
    return parseAnswer(await this.requestText(method, path, options)) as T
  }

  /** The same for an answer that is no JSON, such as an export; resolves to its text. */
  async requestText(method: RequestMethod, path: string, options: RequestOptions = {}): Promise<string> {
    try {
      return await this.#send(method, path, options, { renew: false })
    } catch (error) {
      const isRefused = error instanceof ChatError && error.status === 401
      if (!isRefused || !isRenewable(this.#proof)) throw error
      return this.#send(method, path, options, { renew: true })
    }
  }

  async #send(
    method: RequestMethod,
    path: string,
    { query = {}, body, signal }: RequestOptions,
    need: { renew: boolean },
  ): Promise<string> {
    const headers = await proveRequest(this.#proof, need)
    return sendRequest(method, `${path}${writeQuery(query)}`, {
      url: this.#url,
      fetch: this.#fetch,
      headers,
      ...(body && { body }),
      signal,
    })
  }
}

const pathOf = (conversationId: string): string =>
  `/api/v1/conversations/${encodeURIComponent(conversationId)}`

function writeQuery(query: NonNullable<RequestOptions['query']>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.set(name, String(value))
  return given.size === 0 ? '' : `?${given.toString()}`
}

function parseAnswer(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch (cause) {
    throw new ChatError('bad_answer', 'The answer of the server is not JSON.', { cause })
  }
}
