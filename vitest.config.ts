import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // A shared machine can stall a test for a while; none of them measures time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
