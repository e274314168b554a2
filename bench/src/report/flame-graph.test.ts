import { expect, test } from 'vitest'
import { drawFlameGraph, type CpuProfile } from './flame-graph.ts'

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber: 0 },
  children,
})

const profile: CpuProfile = {
  nodes: [
    node(1, '(root)', '', [2, 5, 6]),
    node(2, 'serve', 'file:///clone/services/ws-edge/src/flow.ts', [3, 4]),
    node(3, 'send', 'file:///clone/node_modules/.pnpm/ws@8/node_modules/ws/lib/sender.js'),
    node(4, '', 'node:net'),
    node(5, '(idle)', ''),
    node(6, 'a<b', 'file:///clone/packages/bus/src/bus.ts'),
  ],
  startTime: 10_000,
  // The first comes before the span.
  samples: [6, 3, 4, 2, 5, 6],
  timeDeltas: [500, 600, 200, 100, 5000, 100],
}

test('a profile - shows the share of each call below its caller, by whose code it is, without idle time', () => {
  const svg = drawFlameGraph(profile, { from: 11_000, to: 20_000 }, 'edge')
  expect(svg).toContain('<title>serve (flow.ts), 90.0 %</title>')
  expect(svg).toMatch(/class="library"[^>]*width="720.0"[^>]*><title>send \(ws\), 60.0 %/)
  expect(svg).toContain('<title>anonymous (node:net), 20.0 %</title>')
  expect(svg).toContain('a&lt;b (bus.ts)')
  expect(svg).not.toContain('idle')
})
