import { isRecord, kindOf, mapEntries, type Schema } from './subschemas.ts'

const types = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

const isNumber = (value: unknown): boolean => Number.isFinite(value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isText = (value: unknown): boolean => typeof value === 'string'
const isAnchor = (value: unknown): boolean =>
  typeof value === 'string' && /^[A-Za-z_][-A-Za-z0-9._]*$/.test(value)
const isAny = (): boolean => true
const isNever = (): boolean => false
/** Of what is no keyword, no more is kept than cannot be mistaken for a schema. */
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null

/** Which values draft 2020-12 lets the keywords of its metaschema have; those that hold schemas are read by `mendSchema`. */
const isValid: Readonly<Record<string, (value: unknown) => boolean>> = {
  $anchor: isAnchor,
  $comment: isText,
  $dynamicAnchor: isAnchor,
  $dynamicRef: isText,
  $ref: isText,
  const: isAny,
  default: isAny,
  contentEncoding: isText,
  contentMediaType: isText,
  dependentRequired: (value) => isRecord(value) && Object.values(value).every(isNameList),
  deprecated: isBoolean,
  description: isText,
  enum: (value) => Array.isArray(value) && value.length > 0,
  examples: Array.isArray,
  exclusiveMaximum: isNumber,
  exclusiveMinimum: isNumber,
  format: isText,
  maxContains: isCount,
  maxItems: isCount,
  maxLength: isCount,
  maxProperties: isCount,
  maximum: isNumber,
  minContains: isCount,
  minItems: isCount,
  minLength: isCount,
  minProperties: isCount,
  minimum: isNumber,
  multipleOf: (value) => Number.isFinite(value) && Number(value) > 0,
  pattern: isPattern,
  readOnly: isBoolean,
  required: isNameList,
  title: isText,
  type: isType,
  uniqueItems: isBoolean,
  writeOnly: isBoolean,
  // Where a schema stands and which dialect it is in says nothing of arguments; the rest is no keyword of this draft.
  $async: isNever,
  $id: isNever,
  $recursiveAnchor: isNever,
  $recursiveRef: isNever,
  $schema: isNever,
  $vocabulary: isNever,
  additionalItems: isNever,
  id: isNever,
  nullable: isNever,
}

/**
 * The schema of a server in draft 2020-12. Keywords of older drafts are rewritten, unknown ones are left out. If the
 * schema was valid, exactly the same values fit this one. Left-out parts permit more.
 */
export function mendSchema(schema: unknown): Schema | boolean {
  if (typeof schema === 'boolean') return schema
  if (!isRecord(schema)) return {}
  return mapEntries(modernise(schema), (value, keyword) => {
    switch (kindOf(keyword)) {
      case 'schema':
        return isRecord(value) || typeof value === 'boolean' ? mendSchema(value) : undefined
      case 'list':
        return Array.isArray(value) && value.length > 0 ? value.map(mendSchema) : undefined
      case 'names':
        return isRecord(value) ? mendNames(keyword, value) : undefined
      case undefined:
        return (isValid[keyword] ?? isPlain)(value) ? value : undefined
    }
  })
}

function mendNames(keyword: string, schemas: Schema): Schema {
  return mapEntries(schemas, (value, name) => {
    if (keyword === 'patternProperties' && !isPattern(name)) return undefined
    return keyword === 'dependencies' && isNameList(value) ? value : mendSchema(value)
  })
}

/** Drafts 4 to 2019-09: bounds that are exclusive by a flag, lists of items; OpenAPI's way to permit null. */
function modernise(schema: Schema): Schema {
  const { items, additionalItems, type, nullable } = schema
  return {
    ...schema,
    ...readBound(schema, 'minimum'),
    ...readBound(schema, 'maximum'),
    ...(Array.isArray(items) && { prefixItems: items, items: additionalItems }),
    ...(nullable === true && type !== undefined && { type: [...new Set([type, 'null'].flat())] }),
  }
}

function readBound(schema: Schema, bound: 'minimum' | 'maximum'): Schema {
  const exclusive = bound === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum'
  return schema[exclusive] === true ? { [exclusive]: schema[bound], [bound]: undefined } : {}
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    return Boolean(new RegExp(value, 'u'))
  } catch {
    return false
  }
}

function isNameList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText) && new Set(value).size === value.length
}

function isType(value: unknown): boolean {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return (
    list.length > 0 &&
    list.every((type) => typeof type === 'string' && types.has(type)) &&
    new Set(list).size === list.length
  )
}
