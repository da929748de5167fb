import '../module-loading.js'

await import('./run-job.ts')
