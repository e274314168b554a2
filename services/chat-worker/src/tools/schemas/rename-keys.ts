import { createHash } from 'node:crypto'
import { readToken } from './find-referred.ts'
import { isRecord, mapEntries, mapSubschemas, type Schema } from './subschemas.ts'

/** Keys of properties that the model's API takes. */
const plainKey = /^[A-Za-z0-9_.-]{1,64}$/
const keyLength = 64
const hashLength = 8
/** Deeper than this nothing is renamed back. */
const deepest = 100

/** The names of keys for the model, by their names on the server. */
export type KeyNames = ReadonlyMap<string, string>

/** Names for all keys of a schema's properties, however deep, that the model's API would refuse. */
export function nameKeys(schema: Schema): KeyNames {
  const names = new Map<string, string>()
  const visit = (part: Schema): Schema => {
    const keys = isRecord(part['properties']) ? Object.keys(part['properties']) : []
    for (const key of keys) if (!plainKey.test(key)) names.set(key, nameKey(key))
    return mapSubschemas(part, visit)
  }
  visit(schema)
  return names
}

/** Its readable part and a hash: a name that no other key has, and no object without fixed keys by chance. */
function nameKey(key: string): string {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, hashLength)
  const readable = key.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replaceAll(/^_+|_+$/g, '')
  return `${readable.slice(0, keyLength - hashLength - 2)}_k${hash}`
}

/** The schema with its properties renamed, wherever it speaks of them. */
export function renameInSchema(schema: Schema, names: KeyNames): Schema {
  if (names.size === 0) return schema
  return mapEntries(
    mapSubschemas(schema, (below) => renameInSchema(below, names)),
    (value, keyword) => {
      switch (keyword) {
        case 'properties':
        case 'dependencies':
        case 'dependentRequired':
        case 'dependentSchemas':
          return isRecord(value) ? renameRecord(value, names, (list) => renameList(list, names)) : value
        case 'required':
          return renameList(value, names)
        case 'const':
        case 'default':
        case 'enum':
        case 'examples':
          return renameInValue(value, names)
        case '$ref':
          return renameInPointer(value, names)
        case 'propertyNames':
          // It speaks of the server's keys.
          return undefined
        default:
          return value
      }
    },
  )
}

/** Arguments with the model's names of keys turned back into the server's. */
export const restoreKeys = (input: unknown, names: KeyNames): unknown =>
  names.size === 0 ? input : renameInValue(input, new Map([...names].map(([key, name]) => [name, key])))

function renameInValue(value: unknown, names: KeyNames, depth = 0): unknown {
  if (depth > deepest) return value
  const renameBelow = (below: unknown) => renameInValue(below, names, depth + 1)
  if (Array.isArray(value)) return value.map(renameBelow)
  return isPlain(value) ? renameRecord(value, names, renameBelow) : value
}

const renameRecord = (record: Schema, names: KeyNames, change: (value: unknown) => unknown): Schema =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [names.get(key) ?? key, change(value)]))

const renameList = (list: unknown, names: KeyNames): unknown =>
  Array.isArray(list) ? list.map((key) => names.get(key) ?? key) : list

/** A pointer that leads through a key that has another name now leads nowhere; it is renamed as well. */
function renameInPointer(ref: unknown, names: KeyNames): unknown {
  if (typeof ref !== 'string') return ref
  return ref
    .split('/')
    .map((token) => names.get(readToken(token)) ?? token)
    .join('/')
}

/** An object as JSON makes it, not what stands for a number or the like. */
const isPlain = (value: unknown): value is Schema =>
  isRecord(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
