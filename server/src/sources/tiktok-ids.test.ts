import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeOfTiktokId } from './tiktok-ids.ts';

describe('the time in an id of TikTok', () => {
  it('is a few seconds before the post was published', () => {
    const published =
      (Date.parse('2025-02-13T18:18:03Z') - (timeOfTiktokId('7470969622276164906')?.getTime() ?? 0)) / 1000;
    expect(published).toBeGreaterThanOrEqual(0);
    expect(published).toBeLessThan(60);
  });

  it.each(['', '0', 'abc', '12345', '1', '99999999999999999999', '-7470969622276164906', '7470969622276164906x'])(
    'is unknown of %j',
    (id) => {
      expect(timeOfTiktokId(id)).toBeNull();
    },
  );

  it('is the upper half of all 64 bits', () => {
    const second = fc.integer({ min: Date.UTC(2016, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 });
    fc.assert(
      fc.property(second, fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), (seconds, rest) => {
        expect(timeOfTiktokId(String((BigInt(seconds) << 32n) | rest))).toEqual(new Date(seconds * 1000));
      }),
    );
  });
});
