import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// The program does so by itself. The threads that a test starts load their modules in two thirds of the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real files, real processes and real threads on a machine of two cores: half of the time a test waits for one.
    maxWorkers: 3,
    // The modules of a process hold nothing that one file could leave behind for the next; to load them for each anew
    // would take as long as to run the tests.
    isolate: false,
  },
});
