import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pkFromShortcode, shortcodeFromPermalink, shortcodeFromPk } from './instagram-ids.ts';

const known = [
  ['DUqT2lLDk3e', '3830961746681417182'],
  ['Cs9iEotsiGY', '3115796369385857432'],
  ['DEiyb48AeB9', '3540614075954356349'],
] as const;

describe('Instagram shortcodes', () => {
  it.each(known)('%s is %s', (code, pk) => {
    expect(pkFromShortcode(code)).toBe(pk);
    expect(shortcodeFromPk(pk)).toBe(code);
  });

  it('is a bijection over 64-bit ids', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n }), (id) => {
        const code = shortcodeFromPk(String(id));
        expect(pkFromShortcode(code ?? '')).toBe(String(id));
      }),
    );
  });

  it('strips the access token of a private post', () => {
    expect(pkFromShortcode(`Cs9iEotsiGY${'x'.repeat(28)}`)).toBe('3115796369385857432');
  });

  it('refuses what is neither', () => {
    for (const code of ['', 'A', 'ab cd', 'é']) expect(pkFromShortcode(code)).toBeNull();
    for (const pk of ['', '0', '12a', '-5']) expect(shortcodeFromPk(pk)).toBeNull();
  });

  it.each([
    ['https://www.instagram.com/p/DH3tWudxIKB/', 'DH3tWudxIKB'],
    ['https://www.instagram.com/barstoolsports/reel/DH3tWudxIKB/?x=1', 'DH3tWudxIKB'],
    ['https://www.instagram.com/reels/DEiyb48AeB9', 'DEiyb48AeB9'],
    ['https://www.instagram.com/reels/audio/123/', null],
    ['https://www.instagram.com/barstoolsports/', null],
    ['https://evil.example/p/DH3tWudxIKB/', null],
  ])('finds the code in %s', (address, code) => {
    expect(shortcodeFromPermalink(address)).toBe(code);
  });
});
