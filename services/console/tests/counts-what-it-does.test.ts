import { openTestCollector, readMetrics } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import { startConsole, users } from './start-console.ts'

const answers = (group: string, method: string, status: string) =>
  `omni2_console_requests_total{group="${group}",method="${method}",status="${status}"}`
const refusals = (reason: string) => `omni2_console_refusals_total{reason="${reason}"}`
const changes = (action: string) => `omni2_console_changes_total{action="${action}"}`

const isCounted = ([series, value]: [string, number]) =>
  /^omni2_console_(requests|refusals|changes|announcement)/.test(series) && value > 0

test('every answer, refusal and change is counted once, by what it was', async () => {
  await using admin = await startConsole({ CONSOLE_REQUESTS_PER_MINUTE: '6', CONSOLE_LIVE_FEEDS: '1' })
  const block = `/users/${users.vera}/block`
  const counted = async () => Object.fromEntries([...(await readMetrics(admin.healthUrl))].filter(isCounted))
  expect(await counted()).toEqual({})

  await admin.call('GET', '/roles')
  await admin.call('PUT', block, { body: { is_blocked: true } })
  await admin.call('PUT', block, { body: { is_blocked: 'yes' } })
  await admin.call('PUT', block, { body: '{"broken"' })
  await admin.call('PUT', block, { as: 'oli', body: { is_blocked: false } })
  await admin.call('GET', '/openapi.json')
  await admin.call('GET', '/nothing')
  await admin.call('OPTIONS', '/roles')
  await admin.call('GET', '/changes', { signed: { path: '/elsewhere' } })
  await admin.call('PUT', `/users/${users.vera}/monitoring`, { body: { ttl_seconds: 600 } })
  const reading = new AbortController()
  const feed = await admin.request('GET', `/users/${users.vera}/live`, { signal: reading.signal })
  await vi.waitFor(
    async () => expect((await readMetrics(admin.healthUrl)).get('omni2_console_live_feeds')).toBe(1),
    { timeout: 20_000 },
  )
  await admin.call('GET', '/changes')
  reading.abort()
  await feed.text().catch(() => '')

  await vi.waitFor(
    async () =>
      expect(await counted()).toEqual({
        [answers('roles', 'get', '2xx')]: 1,
        [answers('users', 'put', '2xx')]: 2,
        [answers('users', 'put', '4xx')]: 3,
        [answers('users', 'get', '2xx')]: 1,
        [answers('none', 'get', '2xx')]: 1,
        [answers('changes', 'get', '4xx')]: 2,
        [answers('none', 'get', '4xx')]: 1,
        [answers('none', 'other', '4xx')]: 1,
        [refusals('invalid_input')]: 1,
        [refusals('invalid_json')]: 1,
        [refusals('forbidden')]: 1,
        [refusals('not_found')]: 2,
        [refusals('identity_for_another_request')]: 1,
        [refusals('too_many_requests')]: 1,
        [changes('user.block')]: 1,
        [changes('user.monitor')]: 1,
      }),
    { timeout: 20_000 },
  )
  const metrics = await readMetrics(admin.healthUrl)
  expect(metrics.get('omni2_console_live_feeds')).toBe(0)
  expect(metrics.get('omni2_console_request_seconds_count{group="users"}')).toBe(5)
  expect(metrics.get('omni2_nats_connected')).toBe(1)
  expect(metrics.get('omni2_database_connections{state="idle"}')).toBeGreaterThan(0)
})

test('a change that could not be announced is counted', async () => {
  await using admin = await startConsole()
  await admin.nats.stop()
  await admin.service.log.waitFor(/nats/i)
  await admin.call('PUT', `/users/${users.vera}/block`, { body: { is_blocked: true } })
  expect(Object.fromEntries(await readMetrics(admin.healthUrl))).toMatchObject({
    [changes('user.block')]: 1,
    omni2_console_announcement_failures_total: 1,
    omni2_nats_connected: 0,
  })
})

test('an operation is a trace of its own, with the code of what refused it; strangers leave none', async () => {
  await using collector = await openTestCollector()
  await using admin = await startConsole({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const foreign = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${foreign}-b7ad6b7169203331-01` }
  await admin.call('POST', `/users/${users.vera}/kick`, { headers })
  await admin.call('GET', '/users/999/block')
  await admin.call('GET', '/roles', { as: 'vera' })
  await admin.service.stop()
  const spans = collector.spans()
  expect(spans.map(({ name }) => name)).toEqual(['kickUser', 'getBlock'])
  const [kick, block] = spans
  expect(kick).toMatchObject({
    service: 'console',
    attributes: { 'http.request.method': 'POST', 'http.route': '/users/{user_id}/kick', 'user.id': '1' },
  })
  expect(kick?.traceId).not.toBe(foreign)
  expect(block).toMatchObject({ attributes: { 'error.type': 'not_found' } })
  expect(block?.traceId).not.toBe(kick?.traceId)
})
