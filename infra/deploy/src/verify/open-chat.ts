import { once } from 'node:events'

/** Any frame of an edge. */
export interface Frame {
  readonly type: string
  readonly session_id?: string
  readonly attempt?: number
  readonly seq?: number
  readonly text?: string
  readonly resume_token?: string
  readonly conversation_id?: string
  readonly edge?: string
  readonly frame?: Frame
}

export interface Login {
  readonly url: string
  readonly token: string
}

/** Logs in with a name and a password. Throws with the status of a refusal. */
export async function logIn(url: string, username: string, password: string): Promise<Login> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  if (!response.ok) throw new Error(`login: ${response.status} ${await response.text()}`)
  const { access_token: token } = (await response.json()) as { access_token: string }
  return { url, token }
}

/** Opens a socket; its `frames` end when it closes. Rejects where the upgrade is refused. */
export async function openChat({ url, token }: Login): Promise<Chat> {
  // Node's WebSocket takes headers, which the type of browsers does not know.
  const options = { headers: { authorization: `Bearer ${token}` } } as unknown as string[]
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat`, options)
  const chat = new Chat(socket)
  await Promise.race([
    once(socket, 'open'),
    once(socket, 'error').then(() => Promise.reject(new Error('the upgrade was refused'))),
  ])
  return chat
}

/** A socket that keeps its frames until they are read; after its close the last ones can still be read. */
export class Chat implements Disposable {
  readonly #socket: WebSocket
  readonly #frames: Frame[] = []
  #closed = false
  #wake: () => void = () => {}

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      this.#frames.push(JSON.parse(String(data)) as Frame)
      this.#wake()
    })
    socket.addEventListener('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame))
  }

  /** The next frame; undefined after the socket has closed. */
  async next(): Promise<Frame | undefined> {
    while (this.#frames.length === 0 && !this.#closed)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#frames.shift()
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}
