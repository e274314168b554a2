import { findReferred } from './find-referred.ts'
import { isRecord, type Schema } from './subschemas.ts'
import { ToolUnusableError } from '../tool-errors.ts'

/** Largest number of schemas that are folded into one. If alternatives refer to alternatives, their number explodes. */
const mostParts = 64

/**
 * The schema as one object without `allOf`, `anyOf`, `oneOf` and `$ref` at its top, which the API of the model refuses.
 * It has the properties of all parts, and requires those that every alternative requires. Relations between properties
 * are lost; the check against the original schema covers them. Throws ToolUnusableError.
 */
export function foldSchema(schema: Schema): Schema {
  let parts = 0
  const fold = (part: unknown, within: readonly unknown[] = []): Schema => {
    if (!isRecord(part) || within.includes(part)) return {}
    parts += 1
    if (parts > mostParts) throw new ToolUnusableError('its schema has too many alternatives')
    const { $ref, allOf, anyOf, oneOf, ...own } = part
    const foldInner = (inner: unknown) => fold(inner, [...within, part])
    const foldAlternatives = (branches: unknown) =>
      either(listOf(branches).filter(takesObjects).map(foldInner))
    if ([$ref, allOf, anyOf, oneOf].every((keyword) => keyword === undefined)) return part
    const others = [findReferred($ref, schema), ...listOf(allOf)].map(foldInner)
    return both([own, ...others, foldAlternatives(anyOf), foldAlternatives(oneOf)])
  }
  return fold(schema)
}

/** Whether an object, which arguments always are, may fit a schema by its type. */
export function takesObjects(schema: unknown): boolean {
  if (!isRecord(schema)) return schema !== false
  const { type = 'object' } = schema
  return [type].flat().includes('object')
}

/** What fits all of them; of what only one can say, the first has its say. */
function both(parts: readonly Schema[]): Schema {
  const { additionalProperties, ...rest } = Object.fromEntries(parts.toReversed().flatMap(Object.entries))
  const isOnlyOne = parts.filter((part) => isRecord(part['properties'])).length < 2
  return {
    ...rest,
    ...mergeProperties(parts, 'allOf'),
    ...listRequired([...new Set(parts.flatMap(required))]),
    // Each closes off its own properties alone.
    ...(isOnlyOne && additionalProperties !== undefined && { additionalProperties }),
  }
}

/** What fits one of them. */
function either(parts: readonly Schema[]): Schema {
  const [first, ...others] = parts
  if (!first) return {}
  const isClosed = parts.every((part) => part['additionalProperties'] === false)
  return {
    ...mergeProperties(parts, 'anyOf'),
    ...listRequired(required(first).filter((key) => others.every((part) => required(part).includes(key)))),
    ...(isClosed && { additionalProperties: false }),
  }
}

/** The properties of all parts; where they say different things of one, how these go together. */
function mergeProperties(parts: readonly Schema[], how: 'allOf' | 'anyOf'): Schema {
  const said = new Map<string, unknown[]>()
  for (const { properties } of parts)
    for (const [key, value] of Object.entries(isRecord(properties) ? properties : {})) {
      const known = said.get(key)
      if (!known) said.set(key, [value])
      else if (!known.includes(value) && !known.some((other) => isEqual(other, value))) known.push(value)
    }
  const merged = [...said].map(([key, schemas]) => [
    key,
    schemas.length === 1 ? schemas[0] : { [how]: schemas },
  ])
  return said.size > 0 ? { properties: Object.fromEntries(merged) } : {}
}

/** Schemas as they are written; what many references lead to is written out once. */
const texts = new WeakMap<object, string>()

const isEqual = (one: unknown, other: unknown): boolean => textOf(one) === textOf(other)

function textOf(schema: unknown): string {
  if (!isRecord(schema)) return JSON.stringify(schema)
  const text = texts.get(schema) ?? JSON.stringify(schema)
  texts.set(schema, text)
  return text
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const required = (schema: Schema): readonly unknown[] => listOf(schema['required'])

const listRequired = (keys: readonly unknown[]): Schema => (keys.length > 0 ? { required: keys } : {})
