/** How long a worker that found nothing waits before it looks again, ms. */
export const POLL_MS = 500
