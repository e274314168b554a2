/** Of the product, as in its package.json. */
export const productVersion = '0.1.0'

/**
 * The version of the wire that this server speaks: `protocol` of `welcome`. It rises only where a client of the version
 * before would misread something; new frames, fields and codes are additions, which clients ignore.
 */
export const protocolVersion = 1
