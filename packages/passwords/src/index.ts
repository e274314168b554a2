export { BcryptThread, defaultPasswordCost } from './bcrypt-thread.ts'
export { makePassword } from './make-password.ts'
export { hashOpaqueToken, isOpaqueToken, makeOpaqueToken, type OpaqueTokenKind } from './opaque-token.ts'
