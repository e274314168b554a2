import { z } from 'zod'

/** Texts of variables by name; a name that is not there is not set. */
export type VariableTexts = Readonly<Record<string, string>>

/**
 * Lists what is wrong with variables, as `NAME: why`: first each by its own schema, then the schema's checks across
 * several. zod leaves those out where a single variable is bad; here each is made if all it reads is good, so that one
 * look shows everything. Of `unread` variables the texts are not known, so nothing is said of them.
 */
export function checkVariables(
  schema: z.ZodObject,
  texts: VariableTexts,
  unread: ReadonlySet<string>,
): string[] {
  const problems: string[] = []
  const good: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.shape)) {
    if (unread.has(name)) continue
    const parsed = z.safeParse(field, texts[name])
    if (parsed.success) good[name] = parsed.data
    else problems.push(...parsed.error.issues.map(({ message }) => describeProblem(name, message, texts)))
  }
  return [...problems, ...checkAcross(schema, good)]
}

const describeProblem = (name: string, message: string, texts: VariableTexts): string =>
  `${name}: ${name in texts ? message : 'is not set'}`

/** Thrown out of a check that reads a variable which is bad. */
class BadVariableRead extends Error {}

function checkAcross(schema: z.ZodObject, good: Readonly<Record<string, unknown>>): string[] {
  const readable = new Proxy(good, { get: readGood })
  const issues = (schema.def.checks ?? []).flatMap((check) => runCheck(check, readable))
  return issues.map(({ path, message }) => `${String(path[0] ?? '')}: ${message}`)
}

function readGood(good: Readonly<Record<string, unknown>>, name: string | symbol): unknown {
  if (typeof name === 'string' && !(name in good)) throw new BadVariableRead()
  return Reflect.get(good, name)
}

function runCheck(check: z.core.$ZodCheck, readable: unknown): readonly z.core.$ZodIssue[] {
  try {
    return z.custom<never>().check(check).safeParse(readable).error?.issues ?? []
  } catch (error) {
    if (error instanceof BadVariableRead) return []
    throw error
  }
}
