import { expect, test } from 'vitest';
import { originForm } from './request-target.ts';

test.each([
  ['/v2/accounts?limit=1', '/v2/accounts?limit=1'],
  ['http://api.example.com/v2/accounts?limit=1', '/v2/accounts?limit=1'],
  ['HTTPS://user@[::1]:8787/v2/meta', '/v2/meta'],
  ['http://host', '/'],
  ['http://host?a=1', '/?a=1'],
  ['/v2/accounts?q=http://host/x', '/v2/accounts?q=http://host/x'],
  ['//host/v2', '//host/v2'],
  ['*', '*'],
])('%s asks for %s', (target, path) => {
  expect(originForm(target)).toBe(path);
});
