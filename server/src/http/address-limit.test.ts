import { expect, test } from 'vitest';
import { TestClock } from '../../test/support/clock.ts';
import { bucketOf, createAddressLimit } from './address-limit.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s counts as %s', (address, bucket) => {
  expect(bucketOf(address)).toBe(bucket);
});

test('the request after the last allowed one is refused; other addresses are not', async () => {
  const limit = createAddressLimit(2, new TestClock());
  expect(await limit('203.0.113.7')).toMatchObject({ limit: 2, remaining: 1, isExceeded: false });
  expect(await limit('203.0.113.7')).toMatchObject({ remaining: 0, isExceeded: false });
  const refused = await limit('203.0.113.7');
  expect(refused).toMatchObject({ remaining: 0, isExceeded: true });
  expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
  expect(await limit('203.0.113.8')).toMatchObject({ isExceeded: false });
});
