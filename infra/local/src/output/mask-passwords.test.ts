import { expect, test } from 'vitest'
import { maskPasswords } from './mask-passwords.ts'

test.each([
  ['postgres://u:hush@h:5432/d', 'postgres://u:***@h:5432/d'],
  ['postgres://u:hu@sh@h/d?sslmode=require', 'postgres://u:***@h/d?sslmode=require'],
  ['postgres://h/d?user=u&password=hush&x=1', 'postgres://h/d?user=u&password=***&x=1'],
  ['redis://:hush@h', 'redis://:***@h'],
  ['nats://u:hush@a:4222,nats://u:hush@b:4222', 'nats://u:***@a:4222,nats://u:***@b:4222'],
  ['nats://u@h, http://h/a:b@c and 10:20@x', 'nats://u@h, http://h/a:b@c and 10:20@x'],
])('passwords of URLs are masked - %s', (text, masked) => expect(maskPasswords(text)).toBe(masked))
