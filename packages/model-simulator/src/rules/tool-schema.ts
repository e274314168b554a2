import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { CountRequest } from '../request/request-shape.ts'

const propertyKey = /^[a-zA-Z0-9_.-]{1,64}$/
const combinators = ['oneOf', 'allOf', 'anyOf']
/** Keywords whose value is data, not a schema. */
const dataKeywords = new Set(['const', 'default', 'enum', 'example', 'examples'])
/** Keywords whose value is schemas by name. */
const mapKeywords = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'])
const invalid = 'JSON schema is invalid. It must match JSON Schema draft 2020-12'

/** That the input of each tool is described by an object schema of the draft and the form that the API takes. */
export function* toolSchemaRules({ tools = [] }: CountRequest): Iterable<string> {
  for (const [index, { input_schema: schema }] of tools.entries()) {
    const path = `tools.${index}.custom.input_schema`
    if (combinators.some((keyword) => Object.hasOwn(schema, keyword)))
      yield `${path}: input_schema does not support oneOf, allOf, or anyOf at the top level`
    if (!Object.keys(schema.properties ?? {}).every((key) => propertyKey.test(key)))
      yield `${path}.properties: Property keys should match pattern '${propertyKey.source}'`
    const why = recallFault(schema)
    if (why !== undefined) yield `${path}: ${invalid} (${why})`
  }
}

const maxRecalled = 1000
const recalled = new Map<string, string | undefined>()

/** A schema comes with every request of its conversation: it is looked at once. */
function recallFault(schema: AnySchemaObject): string | undefined {
  const text = JSON.stringify(schema)
  if (recalled.has(text)) return recalled.get(text)
  if (recalled.size === maxRecalled) recalled.clear()
  const fault = findSchemaFault(schema)
  recalled.set(text, fault)
  return fault
}

function findSchemaFault(schema: AnySchemaObject): string | undefined {
  const { properties, required, ...rest } = schema
  const given: object = { ...rest, ...(properties && { properties }), ...(required && { required }) }
  const validate = openMetaSchema()
  if (!validate(given)) {
    const [error] = validate.errors ?? []
    return `${error?.instancePath} ${error?.message}`
  }
  return findBrokenPart(given, given)
}

/** What the meta-schema does not see: patterns that are no regular expressions, references that lead nowhere. */
function findBrokenPart(part: unknown, root: object): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined
  for (const [keyword, value] of Object.entries(part)) {
    let fault = findBrokenKeyword(keyword, value, root)
    for (const below of listBelow(keyword, value)) fault ??= findBrokenPart(below, root)
    if (fault !== undefined) return fault
  }
  return undefined
}

function listBelow(keyword: string, value: unknown): unknown[] {
  if (dataKeywords.has(keyword)) return []
  return mapKeywords.has(keyword) ? Object.values(Object(value)) : [value]
}

function findBrokenKeyword(keyword: string, value: unknown, root: object): string | undefined {
  if (keyword === 'pattern' && typeof value === 'string' && !isPattern(value)) return 'bad pattern'
  if (keyword === 'patternProperties' && !Object.keys(Object(value)).every(isPattern)) return 'bad pattern'
  if (keyword === '$ref' && typeof value === 'string' && !leadsSomewhere(value, root)) return `no ${value}`
  return undefined
}

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source))
  } catch {
    return false
  }
}

/** Whether a reference is the schema itself or a pointer to a part of it; anchors and other documents are let pass. */
function leadsSomewhere(reference: string, root: object): boolean {
  if (!reference.startsWith('#/')) return true
  const steps = reference.slice(2).split('/').map(readStep)
  return steps.reduce<unknown>((part, step) => readOwn(part, step), root) !== undefined
}

const readOwn = (part: unknown, step: string): unknown =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, step)
    ? (part as Record<string, unknown>)[step]
    : undefined

function readStep(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return step
  }
}

let metaSchema: ValidateFunction | undefined

/** The check of the draft's meta-schema, compiled with the first tool that is checked. */
function openMetaSchema(): ValidateFunction {
  if (metaSchema) return metaSchema
  const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false })
  metaSchema = ajv.getSchema('https://json-schema.org/draft/2020-12/schema')
  if (!metaSchema) throw new Error('ajv has no meta-schema of draft 2020-12')
  return metaSchema
}
