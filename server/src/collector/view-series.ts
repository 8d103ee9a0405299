import type { Counters } from '../metrics/counters.ts';
import type { ObservedPost, RefusedItem, ViewKind } from '../sources/source.ts';

export interface SeriesReading {
  read: Counters;
  viewKind: ViewKind | null;
  refused: RefusedItem | null;
}

const [viewIndex, playIndex, igPlayIndex] = [0, 1, 7];

/** Keeps a post's series to the number of views it is made of: docs/adr/0003 for the kinds, 0014 for plays with Facebook's. */
export function keepSeries(
  post: ObservedPost,
  read: Counters,
  established: ViewKind | null,
  known: Counters,
): SeriesReading {
  const kept = keepViewKind(post, read, established);
  const mixed = mixedPlays(post, known);
  return mixed === null ? kept : { ...kept, read: without(kept.read, mixed.indexes), refused: mixed.refused };
}

/** Instagram has two numbers called views; a post's series keeps to the kind it began with. */
function keepViewKind(post: ObservedPost, read: Counters, established: ViewKind | null): SeriesReading {
  const hasViews = post.counters.viewCount !== null;
  if (!hasViews || established === null || post.viewKind === established) {
    return { read, viewKind: established ?? (hasViews ? post.viewKind : null), refused: null };
  }
  const excerpt = { view_count: post.counters.viewCount, view_kind: post.viewKind, series_kind: established };
  return {
    read: without(read, [viewIndex]),
    viewKind: established,
    refused: { externalId: post.externalId, reason: 'view_number_of_the_other_kind', excerpt },
  };
}

/** Whether a reading brings no plays to a series of Instagram's own, because it does not say which of them are. */
export const lacksOwnPlays = ({ counters }: ObservedPost, knownIgPlays: number | null): boolean =>
  knownIgPlays !== null && counters.igPlayCount === null && counters.playCount !== null;

/** What may not enter since one of the numbers is Instagram's alone, and the other one may have Facebook's plays in it. */
function mixedPlays(post: ObservedPost, known: Counters): { indexes: number[]; refused: RefusedItem } | null {
  const { playCount, igPlayCount } = post.counters;
  const [knownPlays, knownIgPlays] = [known[playIndex] ?? null, known[igPlayIndex] ?? null];
  const refused = (reason: string): RefusedItem => ({
    externalId: post.externalId,
    reason,
    excerpt: { play_count: playCount, ig_play_count: igPlayCount, known_play_count: knownPlays },
  });
  if (igPlayCount === null) {
    if (!lacksOwnPlays(post, knownIgPlays)) return null;
    return { indexes: [viewIndex, playIndex], refused: refused('play_count_may_include_facebook') };
  }
  if (knownIgPlays !== null || knownPlays === null || igPlayCount >= knownPlays) return null;
  return { indexes: [viewIndex, playIndex, igPlayIndex], refused: refused('series_may_include_facebook') };
}

const without = (read: Counters, indexes: readonly number[]): Counters =>
  read.map((count, i) => (indexes.includes(i) ? null : count));
