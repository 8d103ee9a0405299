import { expect, it } from 'vitest';
import { runsQuery } from './runs-query.ts';

it.each([
  ['a', "'0000cca':*"],
  ['🦄x', "'0000cc🦄x':*"],
  ['abc', "'0000ccabc'"],
  ['abcabc', "'0000ccabc' & '0000ccbca' & '0000cccab'"],
  [`'\\`, `'0000cc''\\\\':*`],
])('%s', (folded, expected) => {
  expect(runsQuery('01900000-0000-7000-8000-0000000000cc', folded)).toBe(expected);
});
