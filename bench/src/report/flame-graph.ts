/** A CPU profile of V8 (Chrome DevTools Protocol, `Profiler.Profile`). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  /** Microseconds of the monotonic clock. */
  readonly startTime: number
  readonly samples: readonly number[]
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[]
}

interface Frame {
  readonly name: string
  readonly kind: Kind
  total: number
  readonly children: Map<string, Frame>
}

type Kind = 'own' | 'library' | 'node' | 'engine'

const kinds: Readonly<Record<Kind, string>> = {
  own: 'our code',
  library: 'libraries',
  node: 'Node',
  engine: 'V8',
}

/** Frames below this share of the busy time are left out. */
const leastShare = 0.004
const width = 1200
const rowHeight = 17
/** Pixels of a letter. */
const letterWidth = 6.8

/** Microseconds of the monotonic clock. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Draws where the time of a process went within a span as an SVG, callers above what they called; idle time is left out. */
export function drawFlameGraph(profile: CpuProfile, span: Span, title: string): string {
  const root = buildTree(profile, span)
  const rows: string[] = []
  let depth = 0
  const draw = (frame: Frame, x: number, row: number): void => {
    depth = Math.max(depth, row)
    rows.push(drawFrame(frame, { x, row, total: root.total }))
    let at = x
    for (const child of [...frame.children.values()].toSorted((one, other) => other.total - one.total)) {
      const share = child.total / root.total
      if (share >= leastShare) draw(child, at, row + 1)
      at += share * width
    }
  }
  draw(root, 0, 0)
  const height = (depth + 1) * rowHeight + 48
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">
<style>${style}</style>
<rect class="page" width="${width}" height="${height}"/>
<text class="label" x="4" y="16" font-size="14">${escape(title)}</text>
${Object.entries(kinds)
  .map(
    ([kind, label], index) =>
      `<rect class="${kind}" x="${760 + index * 110}" y="6" width="12" height="12"/><text class="label" x="${777 + index * 110}" y="16">${label}</text>`,
  )
  .join('\n')}
<g transform="translate(0 28)">
${rows.join('\n')}
</g>
</svg>
`
}

const style = `
.page { fill: #fff } .label { fill: #222 } g text { fill: #111 } g rect { stroke: #fff; stroke-width: 0.5 }
.own { fill: #f2a65a } .library { fill: #8ab6d6 } .node { fill: #b5d6a7 } .engine { fill: #d0d0d0 }
@media (prefers-color-scheme: dark) { .page { fill: #16181c } .label { fill: #ddd } g rect { stroke: #16181c } }`

function drawFrame(frame: Frame, { x, row, total }: { x: number; row: number; total: number }): string {
  const share = frame.total / total
  const size = share * width
  const y = row * rowHeight
  const letters = Math.floor((size - 6) / letterWidth)
  const label =
    letters < 3 ? '' : frame.name.length <= letters ? frame.name : `${frame.name.slice(0, letters - 1)}…`
  const text = label === '' ? '' : `<text x="${round(x + 3)}" y="${y + 12}">${escape(label)}</text>`
  const tip = `<title>${escape(frame.name)}, ${(share * 100).toFixed(1)} %</title>`
  return `<rect class="${frame.kind}" x="${round(x)}" y="${y}" width="${round(size)}" height="${rowHeight - 1}">${tip}</rect>${text}`
}

function buildTree({ nodes, startTime, samples, timeDeltas }: CpuProfile, { from, to }: Span): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])))
  const root: Frame = { name: 'all', kind: 'engine', total: 0, children: new Map() }
  let now = startTime
  for (const [index, sample] of samples.entries()) {
    const time = timeDeltas[index] ?? 0
    now += time
    if (now < from || now > to) continue
    const path: CpuProfile['nodes'][number]['callFrame'][] = []
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const node = byId.get(id)
      if (node && node.callFrame.functionName !== '(root)') path.unshift(node.callFrame)
    }
    if (path.at(-1)?.functionName === '(idle)') continue
    root.total += time
    let frame = root
    for (const call of path) {
      const name = nameFrame(call)
      const child = frame.children.get(name) ?? {
        name,
        kind: kindOf(call.url),
        total: 0,
        children: new Map(),
      }
      frame.children.set(name, child)
      child.total += time
      frame = child
    }
  }
  return root
}

function kindOf(url: string): Kind {
  if (url === '' || url.startsWith('wasm:')) return 'engine'
  if (url.startsWith('node:')) return 'node'
  return url.includes('node_modules') ? 'library' : 'own'
}

/** The function and its file, or its package. */
function nameFrame({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? 'anonymous' : functionName
  if (url === '') return name
  const library = /node_modules\/(?:\.pnpm\/.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  return `${name} (${library ?? url.split('/').at(-1)})`
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const round = (value: number): string => value.toFixed(1)
