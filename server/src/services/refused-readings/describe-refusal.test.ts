import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeRefusal } from './describe-refusal.ts';

describe('what was refused, in words', () => {
  it.each([
    [
      'fell_by_half_at_another_source',
      { read: { view_count: 400, comment_count: 3 }, last_known: { view_count: 50_000, comment_count: 30 } },
      '400 views after 50,000, 3 comments after 30 at another source',
    ],
    [
      'zero_followers_after_positive',
      { follower_count: 0, last_known: 5000 },
      '0 followers after 5,000, and all that came with them',
    ],
    [
      'view_number_of_the_other_kind',
      { view_count: 12, view_kind: 'legacy', series_kind: 'displayed' },
      '12 legacy views; the series is of displayed ones',
    ],
    [
      'play_count_may_include_facebook',
      { play_count: 90, ig_play_count: null, known_play_count: 80 },
      "90 plays that may have Facebook's among them; the series is of Instagram's alone",
    ],
    [
      'series_may_include_facebook',
      { play_count: 90, ig_play_count: 70, known_play_count: 80 },
      "70 plays on Instagram; the series, at 80, may have Facebook's too",
    ],
    [
      'unproven_identity',
      { username: 'ana', ids: {}, known_ids: {}, follower_count: null, posts: 3 },
      'an answer about @ana (unknown followers, 3 posts) without a proof that it is the same profile',
    ],
    ['a post without an id', { text: 'hello', stats: '…' }, 'text: hello, stats: …'],
    ['a post without an id', {}, 'nothing was kept'],
    ['a post without an id', null, 'nothing was kept'],
    ['constructor', { a: 1 }, 'a: 1'],
  ])('%s', (reason, excerpt, words) => {
    expect(describeRefusal(reason, excerpt)).toBe(words);
  });

  it('never says that an unknown number is 0', () => {
    expect(describeRefusal('zero_followers_after_positive', { follower_count: 0 })).toContain('after unknown');
  });

  it('is one short line, without anything that a terminal obeys, whatever a source has sent', () => {
    const reasons = fc.oneof(
      fc.constantFrom('fell_by_half_at_another_source', 'unproven_identity', 'view_number_of_the_other_kind'),
      fc.string({ unit: 'binary' }),
    );
    const key = fc.constantFrom('read', 'last_known', 'username', 'view_kind', 'view_count', '__proto__', 'caption');
    const excerpts = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.dictionary(key, fc.jsonValue({ stringUnit: 'binary' })),
    );
    fc.assert(
      fc.property(reasons, excerpts, (reason, excerpt) => {
        const words = describeRefusal(reason, excerpt);
        expect(words.length).toBeLessThanOrEqual(160);
        expect(words).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(describeRefusal('x', { caption: `\u001b[31m\n${'😀'.repeat(200)}` })).toMatch(/^caption: \[31m (😀)+…$/u);
  });
});
