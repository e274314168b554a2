export { authenticate, type AssertionDependencies, type BoundRequest } from './authenticate.ts'
export { checkIdentityHeaders } from './check-identity-headers.ts'
export { type IdentityRefusal, IdentityRefused, identityRefusals } from './identity-refused.ts'
