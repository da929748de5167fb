import '../module-loading.js'

await import('./draw-orders.ts')
