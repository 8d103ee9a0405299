import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { testConfig } from '../../test/support/app.ts';
import { baseUrlOf } from './base-url.ts';

const requestFor = (host: string) => ({ host, protocol: 'http' }) as FastifyRequest;

test.each([
  ['api.example.com', 'http://api.example.com'],
  ['localhost:8787', 'http://localhost:8787'],
  ['[::1]:80', 'http://[::1]:80'],
  ['evil.example/path', 'http://127.0.0.1:8787'],
  ['a"b', 'http://127.0.0.1:8787'],
  ['>; rel="next"', 'http://127.0.0.1:8787'],
  ['', 'http://127.0.0.1:8787'],
])('Host %j gives %s', (host, expected) => {
  expect(baseUrlOf(testConfig, requestFor(host))).toBe(expected);
});

test('the public URL beats the Host header', () => {
  const config = { ...testConfig, publicUrl: 'https://tally.example/' };
  expect(baseUrlOf(config, requestFor('other'))).toBe('https://tally.example');
});
