import { expect, it } from 'vitest';
import { levelsOfSteps } from './organization-days.ts';

const day = (date: string, step: number | null) => ({
  day: date,
  views: 1,
  plays: null,
  likes: null,
  comments: null,
  shares: null,
  saves: null,
  step,
});

it('a level is the sum of all steps up to its day, and null on a day on which no profile was read', () => {
  const rows = [day('2026-03-01', null), day('2026-03-02', 100), day('2026-03-03', null), day('2026-03-04', -30)];
  expect(levelsOfSteps(rows, { followers: null }).map((row) => row.followers)).toEqual([null, 100, null, 70]);
  expect(levelsOfSteps(rows, { followers: 5 }).map((row) => row.followers)).toEqual([null, 105, null, 75]);
  expect(levelsOfSteps([day('2026-03-01', 0)], { followers: null })[0]).toMatchObject({ views: 1, followers: 0 });
});
