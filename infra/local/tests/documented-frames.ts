import { z } from 'zod'
import { type DocumentSchemas, openSchemas, readDocument } from './document-schemas.ts'

const messageSchema = z.looseObject({
  name: z.string(),
  payload: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
})

/** What of an AsyncAPI document traffic is held against. */
const documentSchema = z.looseObject({
  channels: z.object({ chat: z.looseObject({ description: z.string() }) }),
  operations: z.record(
    z.string(),
    z.looseObject({ action: z.string(), messages: z.array(z.object({ $ref: z.string() })) }),
  ),
  components: z.looseObject({ messages: z.record(z.string(), messageSchema) }),
})

type Message = z.infer<typeof messageSchema> & { readonly place: readonly string[] }

/** Holds frames to the AsyncAPI document, and remembers which of its types were seen. */
export class DocumentedFrames {
  readonly #schemas: DocumentSchemas
  readonly #closes: string
  readonly #sent: ReadonlyMap<string, Message>
  readonly #received: ReadonlyMap<string, Message>
  readonly #seen = new Set<Message>()

  constructor(name: string) {
    const document = documentSchema.parse(readDocument(name))
    this.#schemas = openSchemas(document)
    this.#closes = document.channels.chat.description
    this.#sent = mapMessages('send', document)
    this.#received = mapMessages('receive', document)
  }

  /** What the document does not allow for in a frame of the server. */
  listFaults(frame: unknown): string[] {
    const message = this.#sent.get(readType(frame))
    if (!message) return [`no frame of the document: ${JSON.stringify(frame)}`]
    this.#seen.add(message)
    const undeclared = Object.keys(frame as object).filter((field) => !(field in message.payload.properties))
    return [
      ...undeclared.map((field) => `the field ${field} is not declared`),
      ...this.#schemas.listFaults([...message.place, 'payload'], frame),
    ].map((fault) => `${fault}: ${JSON.stringify(frame).slice(0, 400)}`)
  }

  /** Whether a client may send this. */
  allows(frame: unknown): boolean {
    const message = this.#received.get(readType(frame))
    if (!message) return false
    this.#seen.add(message)
    return this.#schemas.listFaults([...message.place, 'payload'], frame).length === 0
  }

  listCloseFaults(code: number): string[] {
    return this.#closes.includes(`${code} `) ? [] : [`the close code ${code} is not declared`]
  }

  /** Types that the document declares and no frame had. */
  listUnseen(): string[] {
    const all = [...this.#sent.values(), ...this.#received.values()]
    return all.filter((message) => !this.#seen.has(message)).map(({ name }) => name)
  }
}

/** The messages of one direction by the type of their frame. */
function mapMessages(
  action: 'send' | 'receive',
  { operations, components }: z.infer<typeof documentSchema>,
): ReadonlyMap<string, Message> {
  const references = Object.values(operations)
    .filter((operation) => operation.action === action)
    .flatMap(({ messages }) => messages.map(({ $ref }) => $ref.split('/').at(-1) ?? ''))
  return new Map(
    references.flatMap((key): [string, Message][] => {
      const message = components.messages[key]
      return message ? [[message.name, { ...message, place: ['components', 'messages', key] }]] : []
    }),
  )
}

const readType = (frame: unknown): string =>
  typeof frame === 'object' && frame !== null && 'type' in frame ? String(frame.type) : ''
