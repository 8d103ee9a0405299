import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onAllSurfaces } from './all-surfaces.ts';

const unknown = { view_count: null, play_count: null, fb_play_count: null, ig_play_count: null };
const count = fc.nat({ max: 2 ** 40 });
const level = fc.option(count, { nil: null });
const plays = fc.record({ view_count: level, play_count: level, fb_play_count: level, ig_play_count: level });

describe('views and plays on all surfaces', () => {
  test.each([
    [
      'Facebook beside Instagram alone',
      { view_count: 70, play_count: 70, fb_play_count: 30, ig_play_count: 70 },
      100,
      100,
    ],
    ['plays that may include Facebook', { view_count: 100, play_count: 100, fb_play_count: 30 }, 100, 100],
    ['views that are not plays', { view_count: 40, fb_play_count: 30 }, 70, null],
    ['nothing of Facebook', { view_count: 40, play_count: 50, ig_play_count: 50 }, 40, 50],
    ['Facebook alone', { fb_play_count: 30 }, null, null],
  ])('%s', (_name, given, total_views, total_plays) => {
    expect(onAllSurfaces({ ...unknown, ...given })).toEqual({ total_views, total_plays });
  });

  test('count no play twice, whichever of the two ways the payload names them', () => {
    fc.assert(
      fc.property(count, count, (own, facebook) => {
        const alone = { view_count: own, play_count: own, fb_play_count: facebook, ig_play_count: own };
        const together = { ...alone, view_count: own + facebook, play_count: own + facebook, ig_play_count: null };
        expect(onAllSurfaces(together)).toEqual(onAllSurfaces(alone));
      }),
    );
  });

  test('are known exactly where the number itself is, and never below it', () => {
    fc.assert(
      fc.property(plays, (given) => {
        const { total_views, total_plays } = onAllSurfaces(given);
        expect([total_views === null, total_plays === null]).toEqual([
          given.view_count === null,
          given.play_count === null,
        ]);
        expect(total_views ?? 0).toBeGreaterThanOrEqual(given.view_count ?? 0);
        expect(total_plays ?? 0).toBeGreaterThanOrEqual(given.play_count ?? 0);
      }),
    );
  });
});
