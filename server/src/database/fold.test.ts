import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fold } from './fold.ts';

describe('fold', () => {
  it.each([
    ['Sommer', 'SOMMER'],
    ['straße', 'STRASSE'],
    ['ẞ', 'ss'],
    ['İSTANBUL', 'istanbul'],
    ['ISTANBUL', 'İstanbul'],
    ['dış', 'DIŞ'],
    ['ΟΔΟΣ', 'οδος'],
    ['ὈΔΥΣΣΕΎΣ', 'ὀδυσσεύς'],
    ['Caf\u00e9', 'CAFE\u0301'],
    ['ПРИВЕТ', 'привет'],
    ['\u2764\uFE0F', '\u2764'],
    ['한국', '\u1112\u1161\u11ab\u1100\u116e\u11a8'],
  ])('%s and %s are the same', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it.each([
    ['cafe', 'café'],
    ['猫', '犬'],
    ['👩', '👩\u200d🚀'],
    ['ｆｕｌｌ', 'full'],
  ])('%s and %s are not', (one, other) => {
    expect(fold(one)).not.toBe(fold(other));
  });

  test('every letter with a case folds as its upper and its lower case do, and folded text stays as it is', () => {
    const strange: string[] = [];
    for (let code = 0; code < 0x110000; code += 1) {
      const character = String.fromCodePoint(code);
      if (!/[\p{Changes_When_Casemapped}\p{Mark}]/u.test(character)) continue;
      const folded = fold(character);
      const same = [character.toUpperCase(), character.toLowerCase(), character.normalize('NFD'), folded].map(fold);
      if (same.some((other) => other !== folded)) strange.push(code.toString(16));
    }
    expect(strange).toEqual([]);
  });

  test('a part of a text is, folded, part of the folded text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(text, text, text, (before, part, after) => {
        expect(fold(before + part + after)).toContain(fold(part));
      }),
    );
  });
});
