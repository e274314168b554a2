import { expect, test } from 'vitest'
import { parseMessagesRequest } from '../parse-request.ts'
import { chooseBehaviour, splitDirective } from './choose-behaviour.ts'
import { FailureCounter } from './failure-counter.ts'

function ask(...texts: string[]) {
  const messages = texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }))
  return parseMessagesRequest({ model: 'm', max_tokens: 10, messages }).messages
}

test('a directive is taken out of the text around it', () => {
  expect(splitDirective('Hello [[sim tokens=5]] there')).toEqual({
    words: 'Hello  there',
    directive: ['tokens=5'],
  })
  expect(splitDirective('no [[simulation]] here')).toEqual({ words: 'no [[simulation]] here', directive: [] })
})

test('only the last thing the user said counts, not what was said before', () => {
  expect(chooseBehaviour(ask('[[sim tokens=5]]', 'fine', 'and now?'))).toEqual({})
  expect(chooseBehaviour(ask('first', 'fine', '[[sim tokens=6]]'))).toEqual({ tokens: 6 })
})

test('the header wins over the text, clause by clause', () => {
  const behaviour = chooseBehaviour(ask('[[sim tokens=5 pace=7]]'), 'tokens=9; error=500')
  expect(behaviour).toEqual({
    tokens: 9,
    paceMs: 7,
    failure: { kind: 'error', type: 'api_error', at: undefined },
  })
})

test('a directive that is not closed, or closed in a header, is refused', () => {
  expect(() => chooseBehaviour(ask('[[sim tokens=5'))).toThrow('is not closed by ]]')
  expect(() => chooseBehaviour(ask('hi'), 'tokens=5]]')).toThrow('has no place')
})

test('fail-first needs something to fail', () => {
  expect(() => chooseBehaviour(ask('[[sim fail-first=2]]'))).toThrow('"fail-first=2" needs a failure')
})

test('fail-first takes the failure away after so many requests of its key', () => {
  const counter = new FailureCounter({ maxKeys: 10 })
  const messages = ask('[[sim reset@2 fail-first=2 key=k]]')
  const failures = [1, 2, 3, 4].map(() => counter.admit(chooseBehaviour(messages), messages).failure?.kind)
  expect(failures).toEqual(['reset', 'reset', undefined, undefined])
})

test('without a key every conversation has its own count', () => {
  const counter = new FailureCounter({ maxKeys: 10 })
  const texts = [
    '[[sim reset fail-first=1]] a',
    '[[sim reset fail-first=1]] b',
    '[[sim reset fail-first=1]] a',
  ]
  const failures = texts.map((text) => counter.admit(chooseBehaviour(ask(text)), ask(text)).failure?.kind)
  expect(failures).toEqual(['reset', 'reset', undefined])
})

test('the least recently counted key is forgotten above the bound', () => {
  const counter = new FailureCounter({ maxKeys: 2 })
  const admit = (key: string) => {
    const messages = ask(`[[sim reset fail-first=1 key=${key}]]`)
    return counter.admit(chooseBehaviour(messages), messages).failure?.kind
  }
  expect(['a', 'b', 'a', 'c', 'a', 'b'].map(admit)).toEqual([
    'reset',
    'reset',
    undefined,
    'reset',
    undefined,
    'reset',
  ])
})
