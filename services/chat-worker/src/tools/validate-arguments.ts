import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv'

type Validate = (input: unknown) => string | undefined

/** Characters of what is said about arguments that do not fit. */
const complaintLength = 1000

/** Compiled schemas live as long as the tools they came with. */
const compiled = new WeakMap<Record<string, unknown>, Validate>()

/** What is wrong with a call's arguments by the tool's schema, in words for the model; undefined when they fit. */
export function validateArguments(input: unknown, schema: Record<string, unknown>): string | undefined {
  const known = compiled.get(schema)
  const validate = known ?? compile(schema)
  if (!known) compiled.set(schema, validate)
  return validate(input)?.slice(0, complaintLength)
}

/** Each schema gets a validator of its own: in a shared one, equal `$id`s of two servers would mean the same schema. */
function compile(schema: Record<string, unknown>): Validate {
  try {
    const validate = new AjvJsonSchemaValidator().getValidator(schema)
    return (input) => validate(input).errorMessage
  } catch {
    return () => "the tool's own schema cannot be read"
  }
}
