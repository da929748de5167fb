import type { PoolClient } from 'pg'
import { sendTogether } from './one-write.ts'

/** Does something with a connection of its own, and gives it back. */
export type Borrow = <T>(work: (client: PoolClient) => Promise<T>) => Promise<T>

interface Ride {
  readonly client: Promise<PoolClient>
  riders: number
  end(): void
}

/**
 * The same, but for whoever asks until the connection is there, and in the turn in which it comes, it is one: what they send is one write,
 * in that order. For work that is short and waits for nobody. Where the connection breaks it breaks for all of them.
 */
export function shareConnection(borrow: Borrow): Borrow {
  let boarding: Ride | undefined

  function begin(): Ride {
    const client = Promise.withResolvers<PoolClient>()
    const over = Promise.withResolvers<void>()
    const ride: Ride = { client: client.promise, riders: 0, end: over.resolve }
    borrow((found) => {
      sendTogether(found)
      client.resolve(found)
      process.nextTick(leave, ride)
      return over.promise
    }).catch((error) => {
      leave(ride)
      client.reject(error)
    })
    return ride
  }

  function leave(ride: Ride): void {
    if (boarding === ride) boarding = undefined
    if (ride.riders === 0) ride.end()
  }

  return async (work) => {
    boarding ??= begin()
    const ride = boarding
    ride.riders += 1
    try {
      return await work(await ride.client)
    } finally {
      ride.riders -= 1
      if (boarding !== ride && ride.riders === 0) ride.end()
    }
  }
}
