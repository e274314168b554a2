import { stripControls } from '../strip-controls.ts'
import { dropDanglingRefs } from './find-referred.ts'
import { foldSchema, takesObjects } from './fold-schema.ts'
import { mendSchema } from './mend-schema.ts'
import { nameKeys, renameInSchema, type KeyNames } from './rename-keys.ts'
import { isRecord, mapEntries, type Schema } from './subschemas.ts'
import { ToolUnusableError } from '../tool-errors.ts'

/** A tool's schema as the model is offered it, and as its server means it. */
export interface FittedSchema {
  /** What the model's API takes. */
  inputSchema: Schema
  /** What arguments are checked against. */
  argumentSchema: Schema
  keyNames: KeyNames
  /** What was changed, in fixed phrases. */
  changes: readonly string[]
}

/** Bytes of a schema, and levels of objects and lists in it, at most. */
const schemaMaxBytes = 65_536
const deepest = 100

/**
 * Fits a schema to what the model's API takes: valid by draft 2020-12, an object at its top without combinators, keys of
 * `[a-zA-Z0-9_.-]{1,64}`, well-formed text. Before the work begins its bytes are charged for, which may refuse it. Throws
 * ToolUnusableError.
 */
export function fitSchema(raw: unknown, charge: (bytes: number) => void = () => {}): FittedSchema {
  if (isDeeper(raw, deepest)) throw new ToolUnusableError('its schema is nested too deep')
  const schema = raw === undefined || raw === null || raw === true ? {} : raw
  if (!isRecord(schema)) throw new ToolUnusableError('its schema is no object')
  charge(checkSize(schema))
  const { $schema: _dialect, $id: _place, ...meant } = schema
  const mended = mendSchema(cleanText(meant))
  const argumentSchema = isRecord(mended) ? dropDanglingRefs(mended) : {}
  const folded = foldSchema(argumentSchema)
  if (!takesObjects(folded)) throw new ToolUnusableError('its arguments are no object')
  const keyNames = nameKeys(folded)
  const named = dropDanglingRefs(renameInSchema(folded, keyNames))
  const inputSchema = { ...named, type: 'object' }
  checkSize(inputSchema)
  const changes = [
    ...(JSON.stringify(argumentSchema) === JSON.stringify(meant) && isRecord(raw) ? [] : ['schema mended']),
    ...(folded === argumentSchema ? [] : ['alternatives folded']),
    ...(keyNames.size === 0 ? [] : ['keys renamed']),
  ]
  return { inputSchema, argumentSchema, keyNames, changes }
}

function checkSize(schema: Schema): number {
  const bytes = Buffer.byteLength(JSON.stringify(schema))
  if (bytes > schemaMaxBytes) throw new ToolUnusableError('its schema is too large')
  return bytes
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((below) => isDeeper(below, levels - 1))
}

/** The schema in well-formed text, and where it describes something without what cannot be seen. */
function cleanText(schema: Schema): Schema {
  const clean = (value: unknown, keyword?: string): unknown => {
    if (typeof value === 'string')
      return keyword === 'title' || keyword === 'description' ? stripControls(value) : value.toWellFormed()
    if (Array.isArray(value)) return value.map((below) => clean(below))
    return isRecord(value) ? cleanText(value) : value
  }
  if (!Object.keys(schema).every((key) => key.isWellFormed()))
    throw new ToolUnusableError('a key of its schema is not well-formed text')
  return mapEntries(schema, clean)
}
