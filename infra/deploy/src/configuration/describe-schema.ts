import { z } from 'zod'

/** What a variable may hold and what it is without being set. */
export interface SchemaDescription {
  readonly kind: string
  /** As it would be written in the environment; undefined where it has none. */
  readonly fallback: string | undefined
  readonly isRequired: boolean
}

/** Describes the schema of one variable. */
export function describeSchema(schema: z.core.$ZodType): SchemaDescription {
  const { def } = schema._zod
  if (!isDefaulted(def)) {
    const isRequired = !z.safeParse(schema, undefined).success
    return { kind: describeKind(schema), fallback: undefined, isRequired }
  }
  const kind = Array.isArray(def.defaultValue) ? 'list' : describeKind(schema)
  return { kind, fallback: writeValue(def.defaultValue), isRequired: false }
}

type DefaultedDef = z.core.$ZodDefaultDef | z.core.$ZodPrefaultDef

const isDefaulted = (def: z.core.$ZodTypeDef): def is DefaultedDef =>
  def.type === 'default' || def.type === 'prefault'

function writeValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** In terms of what is read from the text, which is what people think of: a number, not the text of one. */
function describeKind(schema: z.core.$ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })
  if (json.enum !== undefined) return json.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (json.type === 'number' || json.type === 'integer') return describeRange(json)
  if (json.type === 'boolean') return '`true`, `false`'
  if (json.type === 'array') return 'list'
  if (json.format === 'uri') return 'URL'
  return 'text'
}

function describeRange({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: z.core.JSONSchema.BaseSchema) {
  return maximum === Number.MAX_SAFE_INTEGER ? `number from ${minimum}` : `number, ${minimum} to ${maximum}`
}
