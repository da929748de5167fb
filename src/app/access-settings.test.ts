import { expect, test } from 'vitest'
import { hostsOf, isHostAmong, isLoopback, issuersOf, proxiesOf, rateLimitsOf } from './access-settings.ts'

test('issuers stand with their audience', () => {
  expect(issuersOf('https://id.example.org/realms/a#app https://b.example.org')).toEqual([
    { issuer: 'https://id.example.org/realms/a', audience: 'app' },
    { issuer: 'https://b.example.org', audience: 'clarity-loop' },
  ])
  expect(issuersOf('http://127.0.0.1:8081')).toHaveLength(1)
})

test.each(['http://id.example.org', 'id.example.org', 'https://a.example#', 'https://a.example#b#c', 'https://u:p@a.example', 'ftp://a'])(
  '%s is no issuer',
  (text) => {
    expect(issuersOf(text)).toBeUndefined()
  },
)

test('limits that are not named keep their defaults', () => {
  expect(rateLimitsOf('read=5,ingest=7')).toEqual({ read: 5, write: 300, ingest: 7, costly: 30, failed: 60 })
  expect(rateLimitsOf('off')).toBe('off')
  for (const wrong of ['', 'read', 'read=0', 'read=1.5', 'reads=5', 'read=5;write=6', '__proto__=5'])
    expect(rateLimitsOf(wrong), wrong).toBeUndefined()
})

test('what only this machine reaches', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1']) expect(isLoopback(host), host).toBe(true)
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org'])
    expect(isLoopback(host), host).toBe(false)
})

test('a server of some names is meant by those, by every address, and by no other name', () => {
  const isHost = isHostAmong(hostsOf('health.example.org,Clarity') ?? [])
  for (const host of ['health.example.org', 'clarity', 'localhost', '127.0.0.1', '10.2.3.4', '[2001:db8::1]'])
    expect(isHost(host), host).toBe(true)
  for (const host of ['evil.example', 'example.org', 'health.example.org.evil.example', '10.2.3.4.evil.example', ''])
    expect(isHost(host), host).toBe(false)
})

test.each(['', 'health.example.org,', 'https://health.example.org', 'health.example.org:8080', '-a', 'a b', '*.example.org'])(
  '%j are no names of a server',
  (text) => {
    expect(hostsOf(text)).toBeUndefined()
  },
)

test('proxies are addresses and ranges', () => {
  expect(proxiesOf('127.0.0.1,10.0.0.0/8,::1,fd00::/8')).toEqual(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'])
  for (const wrong of ['', 'proxy', '10.0.0.0/33', '10.0.0/8', '::/129', '10.0.0.1;10.0.0.2', 'true'])
    expect(proxiesOf(wrong), wrong).toBeUndefined()
})
