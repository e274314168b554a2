import { expect, test } from 'vitest'
import { readStartOptions } from './read-start-options.ts'

const folders = { root: '/a clone', current: '/elsewhere' }

test('has defaults for everything', () => {
  expect(readStartOptions([], folders)).toEqual({
    edges: 2,
    workers: 2,
    recorders: 1,
    port: 8080,
    dataFolder: '/a clone/.omni2',
    seed: false,
    json: false,
  })
})

test('takes a relative data folder from where the person stands', () => {
  const args = [
    '--edges',
    '3',
    '--workers=4',
    '--recorders',
    '2',
    '--port',
    '9',
    '--data',
    'x',
    '--seed',
    '--json',
  ]
  expect(readStartOptions(args, folders)).toEqual({
    edges: 3,
    workers: 4,
    recorders: 2,
    port: 9,
    dataFolder: '/elsewhere/x',
    seed: true,
    json: true,
  })
})

test.each([
  [['--edges', '0'], '--edges 0: must be a whole number from 1 to 64'],
  [['--port', '65536'], '--port 65536: must be a whole number from 1 to 65535'],
  [['--workers', '2.5'], '--workers 2.5: must be a whole number from 1 to 64'],
  [['--data='], '--data: must name a folder'],
  [['--nope'], "Unknown option '--nope' (npm start -- --help lists the options)"],
  [['nope'], "Unexpected argument 'nope' (npm start -- --help lists the options)"],
])('refuses %j in one line', (args, message) => {
  expect(() => readStartOptions(args, folders)).toThrow(message)
  expect(message).not.toContain('\n')
})
