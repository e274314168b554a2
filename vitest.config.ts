import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files of `infra`, which start whole stacks, take longest: begun last they would run alone at the end. */
class StacksFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not that of an array
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => /\/infra\/(local|storm)\/tests\//.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

/** Two projects: `unit` needs nothing but Node; `servers` runs against real Postgres, NATS and Redis (packages/testkit). */
export default defineConfig({
  test: {
    // Node runs the sources as they are, so Vite need not transform them.
    experimental: { viteModuleRunner: false },
    sequence: { sequencer: StacksFirst },
    projects: [
      // Properties are tried many times over, also on a busy machine.
      {
        test: {
          name: 'unit',
          include: ['{packages,services,infra}/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
          testTimeout: 60_000,
          isolate: false,
          // Beside the servers' tests, which mostly wait.
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'servers',
          include: ['{packages,services,infra}/*/tests/**/*.test.ts'],
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          pool: 'forks',
          // Files share a worker and what it has loaded; each has its own servers.
          isolate: false,
          // Most of them wait: for leases, deadlines and processes.
          maxWorkers: 3,
          testTimeout: 60_000,
          // What a busy machine is late with is not a failure.
          expect: { poll: { timeout: 20_000 } },
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
