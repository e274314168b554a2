import { isBlank, type ErrorCodeName } from '@omni2/contracts'

interface TextProblem {
  readonly code: Extract<ErrorCodeName, 'invalid_text' | 'text_too_long'>
  readonly error?: string
  readonly limit?: number
}

/**
 * What is wrong with the text of a message; `textLength` is the longest in characters. NUL is a character of JSON but of
 * no Postgres text, so it would only fail later.
 */
export function checkText(text: string, { textLength }: { textLength: number }): TextProblem | undefined {
  if (isBlank(text)) return { code: 'invalid_text' }
  if (text.includes('\0')) return { code: 'invalid_text', error: 'The text contains a NUL character.' }
  if (text.length > textLength) return { code: 'text_too_long', limit: textLength }
  return undefined
}
