import { createHash } from 'node:crypto'

// The link's secret stands behind the #, which browsers send to nobody; it is taken out of the address at once.
const script = `
const secret = location.hash.slice(1)
history.replaceState(null, '', '/sign-in')
const say = (id, text) => { document.getElementById(id).textContent = text }
const ask = async () => {
  if (secret === '') return say('state', 'This page is opened by the link that npm start prints. Start the server again for a new one.')
  const headers = { authorization: 'Bearer ' + secret, 'idempotency-key': crypto.randomUUID() }
  const reply = await fetch('/v1/sign-in', { method: 'POST', headers })
  const said = await reply.json()
  if (!reply.ok) return say('state', 'The link does not work any more: it is good once, for ten minutes. Start the server again for a new one.')
  say('state', 'You are signed in at this machine until ' + new Date(said.expiresAt).toLocaleString() + '. Your key, shown this once:')
  say('key', said.key)
  say('try', 'curl -H "Authorization: Bearer ' + said.key + '" ' + location.origin + '/v1/users')
}
ask().catch(() => say('state', 'The server does not answer.'))
`

/** Exchanges the link of `npm start` for a key and shows it: all that a browser needs until there is a dashboard. */
export const signInPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Clarity Loop: sign in</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 4rem auto; padding: 0 1rem }
code { display: block; overflow-wrap: anywhere; background: #8882; border-radius: .4rem; padding: .6rem .8rem; margin: .6rem 0 }
code:empty { display: none }
</style>
<h1>Clarity Loop</h1>
<p id="state">Signing in …</p>
<code id="key"></code>
<code id="try"></code>
<p>What can be asked: <a href="/docs">the reference</a>.</p>
<noscript>This page needs its script; or POST to /v1/sign-in with the link's secret as bearer.</noscript>
<script>${script}</script>
</html>
`

/** That script and no other, and no other server. */
export const signInPolicy = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`
