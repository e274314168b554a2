import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded before a process that is measured: SIGUSR2 collects all garbage, so that what stays can be measured.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
// The last resort also gives back what the heap keeps for the future.
process.on('SIGUSR2', () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }))
