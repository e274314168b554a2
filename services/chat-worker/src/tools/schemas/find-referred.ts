import { isRecord, mapSubschemas, type Schema } from './subschemas.ts'

/** The schema that a reference within a document means; undefined where it means none, or one elsewhere. */
export function findReferred(ref: unknown, root: Schema): unknown {
  if (ref === '#') return root
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined
  const found = ref.slice(2).split('/').map(readToken).reduce<unknown>(step, root)
  return isRecord(found) || typeof found === 'boolean' ? found : undefined
}

/** The schema without references that lead nowhere, or only back to themselves: nothing is restricted by them. */
export const dropDanglingRefs = (schema: Schema, root: Schema = schema): Schema =>
  mapSubschemas(withoutDanglingRef(schema, root), (below) => dropDanglingRefs(below, root))

/** A token of a JSON pointer (RFC 6901) in a URI fragment, read. */
export function readToken(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return token
  }
}

function withoutDanglingRef(schema: Schema, root: Schema): Schema {
  const { $ref, $dynamicRef, ...rest } = schema
  const isLost = [$ref, $dynamicRef].some((ref) => ref !== undefined && isDangling(ref, root))
  return isLost ? rest : schema
}

/** References that lead on to others are followed so far; what goes on longer leads back to itself, most likely. */
const mostSteps = 16

function isDangling(ref: unknown, root: Schema): boolean {
  let next = ref
  for (let steps = 0; steps < mostSteps; steps += 1) {
    const found = findReferred(next, root)
    if (found === undefined) return true
    if (!isRecord(found) || found['$ref'] === undefined) return false
    next = found['$ref']
  }
  return true
}

const step = (at: unknown, key: string): unknown =>
  typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Schema)[key] : undefined
