import { z } from 'zod'
import { type DocumentSchemas, openSchemas, readDocument } from './document-schemas.ts'

const responseSchema = z.looseObject({
  content: z.record(z.string(), z.looseObject({})).default({}),
  headers: z.record(z.string(), z.looseObject({ required: z.boolean().default(false) })).default({}),
})

const operationSchema = z.looseObject({
  operationId: z.string(),
  requestBody: z.looseObject({}).optional(),
  responses: z.record(z.string(), responseSchema),
})

/** What of an OpenAPI document traffic is held against. */
const documentSchema = z.looseObject({
  servers: z.tuple([z.looseObject({ url: z.string() })]),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
})

export interface Operation extends z.infer<typeof operationSchema> {
  readonly method: string
  /** With its `{names}`, below the server's own path. */
  readonly path: string
  /** Where it stands in the document. */
  readonly place: readonly string[]
}

export interface Sent {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Of JSON, before it was written as such; undefined: none, or something else. */
  readonly body?: unknown
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Holds what is sent and answered to an OpenAPI document, and remembers which of its statuses were seen. */
export class DocumentedHttp {
  readonly operations: readonly Operation[]
  readonly #schemas: DocumentSchemas
  readonly #seen = new Set<string>()

  constructor(name: string) {
    const document = documentSchema.parse(readDocument(name))
    this.#schemas = openSchemas(document)
    this.operations = listOperations(document)
  }

  /** What the document does not allow for; what is no operation of it must be refused. */
  listFaults(sent: Sent, answer: HttpAnswer): string[] {
    const operation = this.#find(sent)
    if (operation) this.#seen.add(nameStatus(operation, String(answer.status)))
    const faults = operation
      ? [...this.#listRequestFaults(operation, sent, answer), ...this.#listAnswerFaults(operation, answer)]
      : this.#listRefusalFaults(answer)
    const about = `${sent.method} ${sent.path} → ${answer.status}`
    return faults.map((fault) => `${about}: ${fault}; ${answer.text.slice(0, 300)}`)
  }

  /** Statuses that the document declares and no answer had. */
  listUnseen(): string[] {
    return this.operations
      .flatMap((operation) => Object.keys(operation.responses).map((status) => nameStatus(operation, status)))
      .filter((status) => !this.#seen.has(status))
  }

  /** A path without names comes before one with them (OpenAPI 3.1 §4.8.8). */
  #find({ method, path }: Sent): Operation | undefined {
    const bare = path.replace(/\?.*$/s, '')
    const [first, ...others] = this.operations
      .filter((operation) => toPattern(operation.path).test(bare))
      .toSorted((one, other) => Number(one.path.includes('{')) - Number(other.path.includes('{')))
    return [first, ...others].find((one) => one?.path === first?.path && one?.method === method)
  }

  /** What the document forbids to send must not be taken. */
  #listRequestFaults({ requestBody, place }: Operation, { body }: Sent, { status }: HttpAnswer): string[] {
    if (status >= 300 || body === undefined) return []
    if (requestBody === undefined) return ['a body was taken that is not declared']
    return this.#schemas.listFaults([...place, 'requestBody', 'content', 'application/json', 'schema'], body)
  }

  #listAnswerFaults({ responses, place }: Operation, { status, headers, text }: HttpAnswer): string[] {
    const response = responses[status]
    if (!response) return ['the status is not declared']
    const missing = Object.entries(response.headers).filter(
      ([name, { required }]) => required && !headers.has(name),
    )
    const lacks = missing.map(([name]) => `the header ${name} is missing`)
    const mediaTypes = Object.keys(response.content)
    if (mediaTypes.length === 0) return text === '' ? lacks : [...lacks, 'a body is not declared']
    const mediaType = readMediaType(headers)
    if (!mediaTypes.includes(mediaType)) return [...lacks, `${mediaType} is not declared`]
    if (!mediaType.endsWith('json')) return lacks
    const schema = [...place, 'responses', String(status), 'content', mediaType, 'schema']
    return [...lacks, ...this.#schemas.listFaults(schema, JSON.parse(text))]
  }

  #listRefusalFaults({ status, headers, text }: HttpAnswer): string[] {
    if (![400, 401, 404, 405].includes(status)) return ['no operation, and not refused as such']
    if (readMediaType(headers) !== 'application/json') return ['the refusal is not JSON']
    return this.#schemas.listFaults(['components', 'schemas', 'Error'], JSON.parse(text))
  }
}

function listOperations({ servers, paths }: z.infer<typeof documentSchema>): Operation[] {
  const prefix = new URL(servers[0].url, 'http://localhost').pathname.replace(/\/$/, '')
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      Object.assign(operation, {
        method: method.toUpperCase(),
        path: prefix + path,
        place: ['paths', path, method],
      }),
    ),
  )
}

const nameStatus = ({ operationId }: Operation, status: string): string => `${operationId} ${status}`

const readMediaType = (headers: Headers): string =>
  (headers.get('content-type') ?? 'no media type').split(';')[0] ?? ''

const toPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`)
