/** What most services do with a session: Fastify, Zod, and a row a sample in PostgreSQL, upserted. `node api-peer.ts POSTGRES_URL` prints its address. */
import fastify from 'fastify'
import { Pool } from 'pg'
import { z } from 'zod'

const Sample = z.object({
  timestamp: z.iso.datetime(),
  value: z.int().min(30).max(220),
  confidence: z.number().min(0).max(1),
  context: z.string(),
})
const Session = z.object({
  sessionInfo: z.object({
    sessionId: z.string(),
    startTime: z.iso.datetime(),
    endTime: z.iso.datetime(),
    dataSource: z.string(),
    dataTypes: z.array(z.string()),
  }),
  heartRate: z.object({ samples: z.array(Sample) }),
})

const pool = new Pool({ connectionString: process.argv[2], max: 16 })
await pool.query(`CREATE TABLE sessions (user_id text, session_id text, body jsonb, PRIMARY KEY (user_id, session_id));
  CREATE TABLE samples (user_id text, source text, at timestamptz, value int, confidence real, context text, PRIMARY KEY (user_id, source, at));
  CREATE TABLE audit (at timestamptz, actor text, action text, user_id text)`)

const server = fastify({ bodyLimit: 1 << 26 })
server.post<{ Params: { userId: string } }>('/v1/users/:userId/sessions', async ({ params, body }, reply) => {
  const { sessionInfo, heartRate } = Session.parse(body)
  const { samples } = heartRate
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('INSERT INTO sessions VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      params.userId,
      sessionInfo.sessionId,
      sessionInfo,
    ])
    await client.query(
      `INSERT INTO samples SELECT $1, $2, * FROM unnest($3::timestamptz[], $4::int[], $5::real[], $6::text[])
       ON CONFLICT (user_id, source, at) DO UPDATE SET value = excluded.value, confidence = excluded.confidence, context = excluded.context`,
      [
        params.userId,
        sessionInfo.dataSource,
        samples.map(({ timestamp }) => timestamp),
        samples.map(({ value }) => value),
        samples.map(({ confidence }) => confidence),
        samples.map(({ context }) => context),
      ],
    )
    await client.query('INSERT INTO audit VALUES (now(), $1, $2, $3)', ['bench', 'write', params.userId])
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  return reply.code(201).send({ sessionId: sessionInfo.sessionId, received: samples.length })
})
console.log(JSON.stringify({ url: await server.listen({ port: 0, host: '127.0.0.1' }) }))
process.once('SIGTERM', () => server.close().then(() => pool.end()))
