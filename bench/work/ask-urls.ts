/**
 * Asks for one address after the other over one connection: `node ask-urls.ts KEY` reads lines of addresses, JSON lists, from standard
 * input, and writes `done` for each.
 */
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'

const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const headers = { authorization: `Bearer ${process.argv[2]}` }

for await (const line of createInterface(process.stdin)) {
  for (const url of JSON.parse(line)) await ask(url)
  console.log('done')
}
agent.destroy()

async function ask(url: string): Promise<void> {
  const [answer] = (await once(get(url, { agent, headers }), 'response')) as [IncomingMessage]
  const bytes = Buffer.concat(await answer.toArray())
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${url}: ${bytes}`)
}
