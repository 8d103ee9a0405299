/**
 * What is to be said today of something that was refused. `came_true`: what was read next agrees with it. `contradicted`: it does
 * not, so the source was wrong. `open`: nothing has been read since that could tell. `stands`: it is not about what is true, and
 * no later reading changes it.
 */
export type Verdict = 'came_true' | 'contradicted' | 'open' | 'stands';

/** A number that was refused, and what was read next of the same counter; null: nothing yet. */
export interface RefusedNumber {
  refused: number;
  next: number | null;
}

/** None is more than twice the other: the measure by which falls are believed. */
const agrees = (a: number, b: number): boolean => a * 2 >= b && b * 2 >= a;

/** Of the numbers of one refusal: wrong if one of them is, true only if all are. */
export function verdictOn(numbers: readonly RefusedNumber[]): Verdict {
  if (numbers.length === 0) return 'stands';
  if (numbers.some(({ refused, next }) => next !== null && !agrees(refused, next))) return 'contradicted';
  return numbers.every(({ next }) => next !== null) ? 'came_true' : 'open';
}
