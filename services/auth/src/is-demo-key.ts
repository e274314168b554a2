import type { PrivateKey } from './signing-key.ts'

/** Public halves of Ed25519 keys that are printed in standards (RFC 8037, appendix A). */
const publishedKeys = new Set(['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'])

/** Whether a signing key is published in a standard, so that it is no secret. */
export const isDemoKey = (key: Pick<PrivateKey, 'x'>): boolean => publishedKeys.has(key.x)
