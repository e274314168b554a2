import { createServer } from 'node:http'

// A service for the tests of startService: PORT, and MODE: ready, slow (ready at SIGUSR2) or fail.
const { PORT, MODE, ...others } = process.env
console.log(`environment: ${Object.keys(others).toSorted().join(' ')}`)
if (MODE === 'fail') throw new Error('cannot work like this')

let isReady = MODE !== 'slow'
process.on('SIGUSR2', () => {
  isReady = true
})
const server = createServer((_request, response) => response.writeHead(isReady ? 200 : 503).end())
server.listen(Number(PORT), '127.0.0.1', () => console.log('listening'))
process.on('SIGTERM', () => {
  console.error('asked to stop')
  server.close()
})
