import { expect, test } from 'vitest';
import { pageLinks } from './answer.ts';

test.each([
  ['/v2/accounts', null, '/v2/accounts', null],
  ['/v2/accounts', 'abc', '/v2/accounts', '/v2/accounts?cursor=abc'],
  [
    '/v2/accounts?limit=2&cursor=old&q=a%20b',
    'new',
    '/v2/accounts?limit=2&q=a%20b',
    '/v2/accounts?limit=2&q=a%20b&cursor=new',
  ],
  ['/v2/accounts?cursor=old', null, '/v2/accounts', null],
  ['/v2/accounts?%63ursor=old&limit=2', 'c', '/v2/accounts?limit=2', '/v2/accounts?limit=2&cursor=c'],
  ['/v2/accounts?q=%63ursor&%zz=1', null, '/v2/accounts?q=%63ursor&%zz=1', null],
  ['/v2/accounts?cursors=1', 'c', '/v2/accounts?cursors=1', '/v2/accounts?cursors=1&cursor=c'],
  ['/v2/accounts?q=%3C>"', null, '/v2/accounts?q=%3C%3E%22', null],
])('links of %s with next %s', (url, nextCursor, first, next) => {
  expect(pageLinks(url, nextCursor)).toEqual({ first, next });
});
