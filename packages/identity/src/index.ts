export { authenticate, type AssertionDeps, type BoundRequest } from './authenticate.ts'
export { checkIdentityHeaders } from './check-identity-headers.ts'
export { type IdentityRefusal, IdentityRefused, identityRefusals } from './identity-refused.ts'
