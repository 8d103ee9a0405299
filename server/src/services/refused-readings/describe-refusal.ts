import { fellReason } from './reasons.ts';

// Maps: an object would know `constructor`, which may be somebody's reason.
const words = new Map([
  ['follower_count', 'followers'],
  ['following_count', 'following'],
  ['post_count', 'posts'],
  ['view_count', 'views'],
  ['play_count', 'plays'],
  ['like_count', 'likes'],
  ['comment_count', 'comments'],
  ['share_count', 'shares'],
  ['saved_count', 'saves'],
  ['fb_play_count', 'plays on Facebook'],
  ['ig_play_count', 'plays on Instagram'],
  ['fb_like_count', 'likes on Facebook'],
]);

const longest = 160;

type Excerpt = Readonly<Record<string, unknown>>;

const known = new Map<string, (excerpt: Excerpt) => string>([
  [
    fellReason,
    ({ read, last_known: lastKnown }) => {
      const [now, before] = [members(read), members(lastKnown)];
      const falls = Object.keys(now).map((name) => `${count(now[name], name)} after ${number(before[name])}`);
      return `${falls.join(', ')} at another source`;
    },
  ],
  ['zero_followers_after_positive', (e) => `0 followers after ${number(e.last_known)}, and all that came with them`],
  [
    'view_number_of_the_other_kind',
    (e) => `${number(e.view_count)} ${String(e.view_kind)} views; the series is of ${String(e.series_kind)} ones`,
  ],
  ['play_count_may_include_facebook', (e) => `${plays(e)}; the series is of Instagram's alone`],
  [
    'series_may_include_facebook',
    (e) =>
      `${number(e.ig_play_count)} plays on Instagram; the series, at ${number(e.known_play_count)}, may have Facebook's too`,
  ],
  [
    'unproven_identity',
    (e) =>
      `an answer about @${String(e.username)} (${number(e.follower_count)} followers, ${number(e.posts)} posts) without a proof that it is the same profile`,
  ],
]);

/**
 * What was refused, in words for one line of a terminal: at most 160 characters, none of them a control character. What its
 * reason has no words for is shown as it was kept.
 */
export function describeRefusal(reason: string, excerpt: unknown): string {
  const text = isMembers(excerpt) ? (known.get(reason)?.(excerpt) ?? shown(excerpt)) : shown(excerpt);
  return oneLine(text);
}

/** Text that came from outside, made harmless in a terminal. */
export function oneLine(text: string): string {
  const clean = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  // A character of two halves is not cut in the middle.
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const plays = (e: Excerpt): string => `${number(e.play_count)} plays that may have Facebook's among them`;

const isMembers = (value: unknown): value is Excerpt =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const members = (value: unknown): Excerpt => (isMembers(value) ? value : {});

const count = (value: unknown, name: string): string => `${number(value)} ${words.get(name) ?? name}`;
const number = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en-US') : 'unknown');

/** `name: value, …`; what was cut out of the excerpt stands as `…`. */
function shown(excerpt: unknown): string {
  if (!isMembers(excerpt)) return excerpt === null ? 'nothing was kept' : JSON.stringify(excerpt);
  const parts = Object.entries(excerpt).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return parts.length === 0 ? 'nothing was kept' : parts.join(', ');
}
