import { OperatorError } from '../operator-error.ts'

const assignment = /^\s*(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?<rest>.*)$/
const quotedValue = /^(?<quote>["'])(?<inside>.*?)\k<quote>\s*(?:#.*)?$/

/**
 * Reads `NAME=value` lines; blank lines and `#` comments are skipped, values may be quoted.
 * Throws an error that names the first bad line and never shows a value.
 */
export function parseEnvFile(text: string, file: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const [name, value] = parseLine(line, `${file}, line ${index + 1}`)
    values[name] = value
  }
  return values
}

function parseLine(line: string, place: string): [name: string, value: string] {
  const { name, rest } = assignment.exec(line)?.groups ?? {}
  if (name === undefined || rest === undefined) throw new OperatorError(`${place}: expected NAME=value`)
  return [name, parseValue(rest.trim(), name, place)]
}

function parseValue(text: string, name: string, place: string): string {
  if (!/^["']/.test(text)) return text.replace(/(^|\s+)#.*$/, '')
  const inside = quotedValue.exec(text)?.groups?.['inside']
  if (inside === undefined) throw new OperatorError(`${place}: the quotes around ${name} do not match`)
  return inside
}
