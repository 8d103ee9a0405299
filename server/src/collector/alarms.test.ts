import { describe, expect, it } from 'vitest';
import { observedPost } from '../../test/support/scripted-source.ts';
import { unknownCounters } from '../metrics/counters.ts';
import { followersAlarm, likesAlarm } from './alarms.ts';
import { type KnownPost, planPost } from './plan-posts.ts';

const moment = { readAt: new Date('2026-11-02T00:00:00Z'), runBreakAt: null, source: 'scripted' };

/** Posts with likes known before, and read now. */
function likes(...pairs: [before: number | null, now: number | null][]) {
  const known = new Map(
    pairs.map(([before], i): [string, KnownPost] => [
      String(i),
      {
        postId: i,
        externalId: String(i),
        viewKind: null,
        known: unknownCounters.map((_, counter) => (counter === 2 ? before : null)),
        unread: 0,
        keepsEveryReading: false,
        precision: null,
        source: null,
        readAt: null,
        confirmedAt: null,
      },
    ]),
  );
  const posts = pairs.map(([, now], i) => {
    const post = observedPost(String(i), { likeCount: now });
    return planPost(post, known.get(String(i)), moment, false).planned;
  });
  return likesAlarm(posts, known);
}

describe('an alarm', () => {
  it.each([
    [1000, 1501, true],
    [1000, 499, true],
    [1000, 1500, false],
    [1000, 500, false],
    [999, 5000, false],
    [null, 5000, false],
    [5000, null, false],
  ])('of followers from %s to %s: %s', (before, now, isRaised) => {
    expect(followersAlarm(before, now)).toEqual(isRaised ? { metric: 'followers', before, now } : null);
  });

  it('is raised when likes collapse to a sentinel', () => {
    expect(likes([120, 3], [80, 3])).toEqual({ metric: 'likes', before: 200, now: 6 });
  });

  it('is not raised by half of the likes, by likes that are unknown now, or by posts that are new', () => {
    for (const alarm of [likes([120, 60], [80, 40]), likes([500, null], [80, 79]), likes([null, 3]), likes()]) {
      expect(alarm).toBeNull();
    }
  });
});
