import { describe, expect, it } from 'vitest';
import { rankBy, rankedFigures } from './ranking.ts';

const unread = { views: null, plays: null, likes: null, comments: null, shares: null, saves: null, followers: null };
const named = (name: string, sums: object, followersGained: number | null = null) => ({
  name,
  ...rankedFigures({ ...unread, ...sums }, followersGained),
});

describe('figures of a ranked creator', () => {
  it('are 0 where nothing was read; the rate and the level are unknown', () => {
    expect(rankedFigures(unread, null)).toMatchObject({
      views: 0,
      plays: 0,
      likes: 0,
      comments: 0,
      shares: 0,
      engagement: 0,
      followers_gained: 0,
      followers: null,
      engagement_rate: null,
    });
  });

  it('derive engagement and its rate', () => {
    expect(rankedFigures({ ...unread, views: 300, likes: 7, shares: 1, followers: 20 }, -4)).toMatchObject({
      engagement: 8,
      engagement_rate: 2.67,
      followers: 20,
      followers_gained: -4,
    });
  });
});

describe('a ranking', () => {
  const all = [
    named('a', {}),
    named('b', { views: 5, likes: 1 }, 3),
    named('c', { views: 5, likes: -1 }, -3),
    named('d', { views: -5, likes: 9 }),
  ];
  const order = (metric: Parameters<typeof rankBy>[1]) => rankBy(all, metric).map(({ name }) => name);

  it.each([
    ['views', ['b', 'c', 'a', 'd']],
    ['likes', ['d', 'b', 'a', 'c']],
    ['engagement', ['d', 'b', 'a', 'c']],
    ['followers_gained', ['b', 'a', 'd', 'c']],
    ['engagement_rate', ['b', 'c', 'a', 'd']],
  ] as const)('by %s: descending, null last, equal ones in the order in which they came', (metric, expected) => {
    expect(order(metric)).toEqual(expected);
  });

  it('leaves the list it was given alone', () => {
    order('likes');
    expect(all.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });
});
