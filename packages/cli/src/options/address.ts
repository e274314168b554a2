import { z } from 'zod'

/** An address with one of the schemes; the message never shows it, for it may hold a password. */
export const address = (...schemes: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => schemes.includes(URL.parse(text)?.protocol ?? ''),
      `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    )
