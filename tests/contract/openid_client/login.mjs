// Logs in at DigiStub with npm's openid-client, a library that shares no line with ours.
// Argument: one JSON object {issuer, clientId, secret | jwk, method, redirectUri, afterLogout, bsn, fault}.
// Prints one JSON object: what it learnt, or {refused}.
import * as client from 'openid-client'

const asked = JSON.parse(process.argv[2])

async function authentication() {
  if (asked.method === 'private_key_jwt') {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    return client.PrivateKeyJwt(await crypto.subtle.importKey('jwk', asked.jwk, algorithm, false, ['sign']))
  }
  return asked.method === 'client_secret_basic'
    ? client.ClientSecretBasic(asked.secret)
    : client.ClientSecretPost(asked.secret)
}

// Fills in the page as a browser would: the form posts to the address it stands on.
async function chooses(url) {
  const page = await fetch(url)
  const html = await page.text()
  if (!html.includes('<form method="post"') || !html.includes('name="bsn"')) throw new Error('no form')
  const form = new URLSearchParams({ bsn: asked.bsn, niveau: '25', fout: asked.fault, actie: 'inloggen' })
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' })
  return new URL(answer.headers.get('location'))
}

async function login() {
  const config = await client.discovery(
    new URL(asked.issuer), asked.clientId, undefined, await authentication(),
    { execute: [client.allowInsecureRequests] },
  )
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: asked.redirectUri,
    scope: 'openid',
    acr_values: 'http://eidas.europa.eu/LoA/substantial',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  const tokens = await client.authorizationCodeGrant(config, await chooses(url), {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
  })
  const claims = tokens.claims()
  const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  const leave = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token, post_logout_redirect_uri: asked.afterLogout, state,
  })
  const left = await fetch(leave, { redirect: 'manual' })
  const there = new URL(left.headers.get('location'))
  return {
    bsn: person.bsn,
    acr: claims.acr,
    sub: claims.sub,
    left: there.origin + there.pathname,
    stateEchoed: there.searchParams.get('state') === state,
  }
}

try {
  console.log(JSON.stringify(await login()))
} catch (error) {
  console.log(JSON.stringify({ refused: error.code ?? error.message }))
}
