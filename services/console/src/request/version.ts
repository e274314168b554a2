import { createHash } from 'node:crypto'

/** A resource's version as an ETag (RFC 9110 §8.8.3): the same content has the same one. */
export function versionOf(resource: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(resource)).digest('base64url')
  return `"${digest.slice(0, 22)}"`
}
