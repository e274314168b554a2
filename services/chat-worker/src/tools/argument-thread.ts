import { parentPort } from 'node:worker_threads'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv'

/** A tool's schema and the arguments of a call, both as JSON text. */
export interface ArgumentQuestion {
  readonly schema: string
  readonly input: string
}

export interface ArgumentAnswer {
  /** What is wrong with the arguments, in words for the model. */
  readonly complaint?: string | undefined
}

type Validate = (input: unknown) => string | undefined

/** Characters of a complaint at most. */
const complaintLength = 1000
/** What compiled schemas may weigh together; they take about 40 bytes of memory for each. */
const compiledWeight = 1_000_000

const compiled = new Map<string, Validate>()
let weight = 0

// The compiler prints parts of schemas, which are foreign text.
Object.assign(console, { log: () => {}, warn: () => {}, error: () => {} })

parentPort?.on('message', ({ schema, input }: ArgumentQuestion) => {
  const complaint = findValidate(schema)(JSON.parse(input))?.slice(0, complaintLength)
  post({ complaint })
})
post({})

function post(answer: ArgumentAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(answer)
}

function findValidate(schema: string): Validate {
  const validate = compiled.get(schema) ?? compile(schema)
  if (!compiled.has(schema)) weight += weigh(schema)
  compiled.delete(schema)
  compiled.set(schema, validate)
  dropOldest()
  return validate
}

/** Each schema gets a validator of its own: in a shared one, equal `$id`s of two servers would mean the same schema. */
function compile(schema: string): Validate {
  try {
    const validate = new AjvJsonSchemaValidator().getValidator(JSON.parse(schema))
    return (input) => validate(input).errorMessage
  } catch {
    return () => "the tool's own schema cannot be read"
  }
}

/** Those that were not used for the longest time go first. */
function dropOldest(): void {
  for (const schema of compiled.keys()) {
    if (weight <= compiledWeight) return
    compiled.delete(schema)
    weight -= weigh(schema)
  }
}

/** A validator of the shortest schema has its size as well. */
const weigh = (schema: string): number => schema.length + 4096
