import { expect, test } from 'vitest'
import { isRedisAddress, parseRedisAddress } from './parse-redis-address.ts'

test.each([
  'redis://127.0.0.1',
  'redis://:secret@redis:6380/2',
  'rediss://user:secret@redis.example.org:6380',
])('%s is one address', (url) => {
  expect(parseRedisAddress(url)).toEqual({ url })
})

test('sentinels have a name, a port of their own where none is given, and the login of the nodes', () => {
  const address = 'redis+sentinel://user:p%40ss@one:26380,two/mymaster/3?sentinelPassword=other%26'
  expect(parseRedisAddress(address)).toEqual({
    sentinels: {
      sentinels: [
        { host: 'one', port: 26_380 },
        { host: 'two', port: 26_379 },
      ],
      name: 'mymaster',
      db: 3,
      username: 'user',
      password: 'p@ss',
      sentinelPassword: 'other&',
    },
  })
})

test('sentinels with TLS speak it to nodes and sentinels', () => {
  expect(parseRedisAddress('rediss+sentinel://[::1]:26380/main')).toEqual({
    sentinels: {
      sentinels: [{ host: '::1', port: 26_380 }],
      name: 'main',
      db: 0,
      tls: {},
      sentinelTLS: {},
      enableTLSForSentinelMode: true,
    },
  })
})

test.each([
  '',
  'redis',
  'http://redis',
  'redis://a:b:c',
  'redis+sentinel://one:26379',
  'redis+sentinel://one:26379/',
  'redis+sentinel:///mymaster',
  'redis+sentinel://one:x,two/mymaster',
  'redis+sentinel://one/mymaster/x',
])('%j is none', (text) => {
  expect(isRedisAddress(text)).toBe(false)
})
