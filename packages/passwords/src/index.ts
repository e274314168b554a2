export { BcryptThread, defaultPasswordCost } from './bcrypt-thread.ts'
export { makePassword } from './make-password.ts'
