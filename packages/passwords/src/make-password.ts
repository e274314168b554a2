import { randomBytes } from 'node:crypto'

/** A password of 20 characters that a person can copy and type: 120 random bits. */
export const makePassword = (): string => randomBytes(15).toString('base64url')
