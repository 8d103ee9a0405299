import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noCounters, observedPost } from '../../test/support/scripted-source.ts';
import { instagramViews } from '../sources/payloads/instagram-views.ts';
import type { ObservedPost } from '../sources/source.ts';
import { mergeKnown, unknownCounters } from '../metrics/counters.ts';
import { countersOf } from './plan-posts.ts';
import { keepSeries } from './view-series.ts';

type Shape = 'instagram' | 'plain' | 'both';

/** A post with so many plays on Instagram and on Facebook, in a payload of one of the shapes. */
function played(shape: Shape, onInstagram: number, onFacebook: number): ObservedPost {
  const { viewKind, ...views } = instagramViews(
    {
      igPlayCount: shape === 'plain' ? null : onInstagram,
      playCount: shape === 'instagram' ? null : onInstagram + onFacebook,
      legacyViewCount: null,
      fbPlayCount: null,
    },
    false,
  );
  return observedPost('1', { ...noCounters, ...views, likeCount: 7 }, { viewKind });
}

/** Goes through readings of one post as refreshes do, and gives what entered the series. */
function series(posts: readonly ObservedPost[]) {
  let known = unknownCounters;
  return posts.map((post) => {
    const { read, refused } = keepSeries(post, countersOf(post), 'displayed', known);
    known = mergeKnown(known, read);
    return { views: read[0], plays: read[1], likes: read[2], onInstagram: read[7], reason: refused?.reason ?? null };
  });
}

describe('plays that may include those on Facebook', () => {
  it("never enter a series of Instagram's own; the other counters do", () => {
    const entered = series([played('both', 70, 30), played('plain', 75, 30), played('instagram', 80, 30)]);
    expect(entered).toEqual([
      { views: 70, plays: 70, likes: 7, onInstagram: 70, reason: null },
      { views: null, plays: null, likes: 7, onInstagram: null, reason: 'play_count_may_include_facebook' },
      { views: 80, plays: 80, likes: 7, onInstagram: 80, reason: null },
    ]);
  });

  it("make a series that Instagram's own number enters as soon as it does not lower it", () => {
    const entered = series([played('plain', 70, 30), played('both', 80, 30), played('plain', 81, 30)]);
    expect(entered.map(({ views, reason }) => [views, reason])).toEqual([
      [100, null],
      [null, 'series_may_include_facebook'],
      [111, null],
    ]);
    expect(series([played('plain', 70, 30), played('both', 100, 40), played('plain', 110, 40)])).toMatchObject([
      { views: 100, onInstagram: null },
      { views: 100, onInstagram: 100 },
      { views: null, reason: 'play_count_may_include_facebook' },
    ]);
  });

  it('are kept where nothing else is given, as on TikTok', () => {
    const counts = [5, 3, 9].map((count) => observedPost('1', { viewCount: count, playCount: count }));
    expect(series(counts).map(({ views, plays }) => [views, plays])).toEqual([
      [5, 5],
      [3, 3],
      [9, 9],
    ]);
  });

  it('cause no gain that never happened, and no loss, in whatever order the payloads come', () => {
    const step = fc.record({
      shape: fc.constantFrom<Shape>('instagram', 'plain', 'both'),
      onInstagram: fc.nat(50),
      onFacebook: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let [onInstagram, onFacebook] = [0, 0];
        const truths = steps.map((grown) => {
          onInstagram += grown.onInstagram;
          onFacebook += grown.onFacebook;
          return { shape: grown.shape, onInstagram, all: onInstagram + onFacebook, onFacebook };
        });
        const entered = series(truths.map((t) => played(t.shape, t.onInstagram, t.onFacebook)));
        let last: { views: number; onInstagram: number; all: number; isOwn: boolean } | null = null;
        for (const [i, truth] of truths.entries()) {
          const reading = entered[i];
          if (reading === undefined || reading.views === null || reading.views === undefined) continue;
          expect(reading.plays).toBe(reading.views);
          const isOwn = reading.onInstagram !== null;
          if (last !== null) {
            const grown = isOwn ? truth.onInstagram - last.onInstagram : truth.all - last.all;
            const gain = reading.views - last.views;
            expect(gain).toBeGreaterThanOrEqual(0);
            expect(gain).toBeLessThanOrEqual(grown);
            if (isOwn === last.isOwn) expect(gain).toBe(grown);
            if (last.isOwn) expect(isOwn).toBe(true);
          }
          last = { views: reading.views, onInstagram: truth.onInstagram, all: truth.all, isOwn };
        }
      }),
    );
  });
});
