import { expect, test } from 'vitest'
import { containerCommand } from './container-command.ts'

test('container - listens on 127.0.0.1 only and gets its folders whatever their names', () => {
  const { command, args } = containerCommand({
    image: 'some:image',
    name: 'one',
    ports: { 4222: 14222 },
    mounts: { '/data': '/a, "quoted" path' },
    variables: { MODE: 'x' },
    entrypoint: 'server',
    args: ['-a'],
  })
  expect(command).toBe('docker')
  expect(args).toEqual(
    [
      ['run', '--rm', '--name', 'one', '--publish', '127.0.0.1:14222:4222'],
      ['--mount', 'type=bind,"source=/a, ""quoted"" path",target=/data', '--env', 'MODE=x'],
      ['--entrypoint', 'server', 'some:image', '-a'],
    ].flat(),
  )
})
