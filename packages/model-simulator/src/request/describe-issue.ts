import type { z } from 'zod'

type Issue = z.core.$ZodIssue

const typeNames: Record<string, string> = {
  string: 'string',
  number: 'number',
  int: 'integer',
  boolean: 'boolean',
  array: 'list',
  object: 'dictionary',
  record: 'dictionary',
}

/** A fault in the form of a request as the API words it: a path in which blocks and tools are named by their type too. */
export function describeIssue(issue: Issue | undefined, body: unknown): string {
  if (!issue) return 'body: invalid'
  const found = dig(issue)
  const value = readAt(found.path, body)
  const where = namePath(findPlace(found, value), body).join('.') || 'body'
  return `${where}: ${value === undefined ? 'Field required' : wordIssue(found, value)}`
}

/** The place that the API names: the field that should not be there, the object whose `type` is unknown. */
function findPlace(issue: Issue, value: unknown): Path {
  if (issue.code === 'unrecognized_keys') return [...issue.path, issue.keys[0] ?? '']
  return issue.code === 'invalid_union' && value !== undefined ? issue.path.slice(0, -1) : issue.path
}

/** The issue within a union that came nearest to fit: the one with the longest path. */
function dig(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue
  const inner = issue.errors.flat().map((error) => dig({ ...error, path: [...issue.path, ...error.path] }))
  return inner.reduce((best, next) => (next.path.length > best.path.length ? next : best), inner[0] ?? issue)
}

function wordIssue(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'Extra inputs are not permitted'
    case 'invalid_type':
      return `Input should be a valid ${typeNames[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `Input should be ${issue.values.map((each) => `'${String(each)}'`).join(' or ')}`
    case 'invalid_format':
      return `String should match pattern '${String(issue.pattern).slice(1, -1)}'`
    case 'too_small':
      return issue.origin === 'array'
        ? issue.message
        : `Input should be greater than or equal to ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string'
        ? `String should have at most ${issue.maximum} characters`
        : `Input should be less than or equal to ${issue.maximum}`
    case 'invalid_union':
      return `Input tag '${String(value)}' found using 'type' does not match any of the expected tags`
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
      return issue.message
  }
}

type Path = readonly PropertyKey[]

/** `tools.3.name` becomes `tools.3.custom.name`, `messages.0.content.1.id` becomes `messages.0.content.1.tool_use.id`. */
function namePath(path: Path, body: unknown): string[] {
  return path.flatMap((step, index) => {
    const isLast = index === path.length - 1
    const name =
      isLast || path[index + 1] === 'type' ? undefined : nameElement(path.slice(0, index + 1), body)
    return name === undefined ? [String(step)] : [String(step), name]
  })
}

const taggedFields = new Set<PropertyKey | undefined>(['thinking', 'tool_choice'])

function nameElement(path: Path, body: unknown): string | undefined {
  if (path.length === 2 && path[0] === 'tools') return 'custom'
  const isTagged = path.length === 1 && taggedFields.has(path[0])
  const isBlock = typeof path.at(-1) === 'number' && path.at(-2) === 'content'
  const type = isTagged || isBlock ? readAt([...path, 'type'], body) : undefined
  return typeof type === 'string' ? type : undefined
}

function readAt(path: Path, body: unknown): unknown {
  return path.reduce<unknown>(
    (part, step) =>
      typeof part === 'object' && part !== null ? (part as Record<PropertyKey, unknown>)[step] : undefined,
    body,
  )
}
