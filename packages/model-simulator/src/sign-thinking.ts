import { digest } from './reply/seed-random.ts'

/** The signature of a thinking text; as with the API, whoever gives the text back has to give it back unchanged. */
export const signThinking = (thinking: string): string =>
  Buffer.from(digest(`thinking ${thinking}`), 'hex').toString('base64')

/** What a redacted thinking holds in place of its text: only who made it can read it. */
export const sealThinking = (thinking: string): string => Buffer.from(`sealed ${thinking}`).toString('base64')

/** Whether a sealed thinking is one of ours, whole. */
export const isSealed = (data: string): boolean =>
  Buffer.from(data, 'base64').toString().startsWith('sealed ') &&
  Buffer.from(Buffer.from(data, 'base64').toString()).toString('base64') === data
