import { expect, test } from 'vitest'
import { openHealthServer } from './health-server.ts'
import { Readiness } from './readiness.ts'

const anyPort = { host: '127.0.0.1', port: 0 }

const ask = async (port: number, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() }
}

test('serves the metrics as they are rendered, beside liveness and readiness', async () => {
  const renderMetrics = async () => ({ contentType: 'text/plain; version=0.0.4', body: 'omni2_x 1\n' })
  await using health = await openHealthServer(anyPort, new Readiness(['database']), renderMetrics)
  expect(await ask(health.port, '/metrics')).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4',
    body: 'omni2_x 1\n',
  })
  expect(await ask(health.port, '/livez')).toMatchObject({ status: 200 })
  expect(await ask(health.port, '/readyz')).toMatchObject({
    status: 503,
    body: expect.stringContaining('"missing":{"database":"not yet"}'),
  })
})

test('metrics that cannot be rendered are a 500 and disturb nothing else', async () => {
  const renderMetrics = () => Promise.reject(new Error('secret detail'))
  await using health = await openHealthServer(anyPort, new Readiness([]), renderMetrics)
  const answer = await ask(health.port, '/metrics')
  expect(answer).toMatchObject({ status: 500, body: expect.not.stringContaining('secret') })
  expect(await ask(health.port, '/readyz')).toMatchObject({ status: 200 })
})

test('without metrics, and at any other path, there is nothing', async () => {
  await using health = await openHealthServer(anyPort, new Readiness([]))
  expect(await ask(health.port, '/metrics')).toMatchObject({ status: 404 })
  expect(await ask(health.port, '//')).toMatchObject({ status: 404 })
})
