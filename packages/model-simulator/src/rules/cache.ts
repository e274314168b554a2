import type { CountRequest } from '../request/request-shape.ts'

const maxMarks = 4

interface Mark {
  readonly path: string
  readonly ttl: '5m' | '1h'
}

/** How many cache marks there are, and that those that live longer come first. */
export function* cacheRules(request: CountRequest): Iterable<string> {
  const marks = [...listMarks(request)]
  if (marks.length > maxMarks)
    yield `a maximum of ${maxMarks} blocks with cache_control may be provided, found ${marks.length}`
  const short = marks.findIndex(({ ttl }) => ttl === '5m')
  const late = marks.find(({ ttl }, index) => ttl === '1h' && short !== -1 && index > short)
  if (late)
    yield `${late.path}cache_control.ttl: a mark of '1h' must not come after one of '5m', in the order of tools, system, messages`
}

function* listMarks({ tools = [], system = [], messages, cache_control }: CountRequest): Iterable<Mark> {
  yield* marksOf('tools', tools)
  yield* marksOf('system', system)
  for (const [index, { content }] of messages.entries()) yield* marksOf(`messages.${index}.content`, content)
  yield* markOf('', { cache_control })
}

function* marksOf(path: string, blocks: readonly object[]): Iterable<Mark> {
  for (const [index, block] of blocks.entries()) {
    if ('content' in block && Array.isArray(block.content))
      yield* marksOf(`${path}.${index}.content`, block.content)
    yield* markOf(`${path}.${index}.`, block)
  }
}

function* markOf(path: string, { cache_control: mark }: Pick<CountRequest, 'cache_control'>): Iterable<Mark> {
  if (mark) yield { path, ttl: mark.ttl ?? '5m' }
}
