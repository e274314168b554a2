/** An object of JSON Schema 2020-12: keywords, and what they say. */
export type Schema = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keywords that hold a schema, a list of schemas, or schemas by name. */
const withSchema = new Set([
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
])
const withList = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const withNames = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
])

/** What a keyword holds, if it holds schemas. */
export function kindOf(keyword: string): 'schema' | 'list' | 'names' | undefined {
  if (withSchema.has(keyword)) return 'schema'
  if (withList.has(keyword)) return 'list'
  return withNames.has(keyword) ? 'names' : undefined
}

/** The schema with every schema that stands directly below it changed; what is no object stays as it is. */
export function mapSubschemas(schema: Schema, change: (below: Schema) => unknown): Schema {
  const changeOne = (value: unknown) => (isRecord(value) ? change(value) : value)
  return mapEntries(schema, (value, keyword) => {
    const kind = kindOf(keyword)
    if (kind === 'schema') return changeOne(value)
    if (kind === 'list' && Array.isArray(value)) return value.map(changeOne)
    return kind === 'names' && isRecord(value) ? mapEntries(value, changeOne) : value
  })
}

/** The record with each value changed, and left out where that is undefined. */
export function mapEntries(record: Schema, change: (value: unknown, key: string) => unknown): Schema {
  const entries = Object.entries(record).map(([key, value]) => [key, change(value, key)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
