import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verdictOn } from './verdict.ts';

it.each([
  [[], 'stands'],
  [[{ refused: 1000, next: 1010 }], 'came_true'],
  [[{ refused: 1000, next: 2000 }], 'came_true'],
  [[{ refused: 1000, next: 2001 }], 'contradicted'],
  [[{ refused: 1000, next: 499 }], 'contradicted'],
  [[{ refused: 0, next: 5 }], 'contradicted'],
  [[{ refused: 0, next: 0 }], 'came_true'],
  [[{ refused: 1000, next: null }], 'open'],
  [
    [
      { refused: 1000, next: 1000 },
      { refused: 5, next: null },
    ],
    'open',
  ],
  [
    [
      { refused: 1000, next: 100_000 },
      { refused: 5, next: null },
    ],
    'contradicted',
  ],
] as const)('%j: %s', (numbers, verdict) => {
  expect(verdictOn(numbers)).toBe(verdict);
});

it('calls nothing true that one number contradicts, in whatever order they come', () => {
  const number = fc.record({ refused: fc.nat(), next: fc.option(fc.nat()) });
  fc.assert(
    fc.property(fc.array(number, { minLength: 1 }), fc.nat(), (numbers, refused) => {
      const wrong = { refused, next: refused * 2 + 1 };
      expect(verdictOn([...numbers, wrong])).toBe('contradicted');
      expect(verdictOn([wrong, ...numbers])).toBe('contradicted');
      expect(verdictOn(numbers.toReversed())).toBe(verdictOn(numbers));
    }),
  );
});
