import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real files, real processes and real workers on a machine of two cores.
    maxWorkers: 2,
  },
});
