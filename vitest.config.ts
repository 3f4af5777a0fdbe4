import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@aegis/source'] },
  ssr: { resolve: { conditions: ['@aegis/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // Many tests wait for processes and disks: a core that is kept free would wait with them.
    maxWorkers: availableParallelism(),
  },
});
