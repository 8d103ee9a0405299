import {
  type Counters,
  counterNames,
  mergeKnown,
  readFromKnown,
  sameCounters,
  unreadMask,
} from '../metrics/counters.ts';
import { continuesRun } from '../metrics/runs.ts';
import type { ObservedPost, Precision, RefusedItem, ViewKind } from '../sources/source.ts';
import { type Compared, none, refusedFalls, withoutCounters } from './falls.ts';
import { keepSeries } from './view-series.ts';

/** A post as the database knows it before this refresh. */
export interface KnownPost {
  postId: number;
  externalId: string;
  viewKind: ViewKind | null;
  known: Counters;
  unread: number;
  /** Several profiles show it to one organization, so the time of each reading matters: none extends the open run. */
  keepsEveryReading: boolean;
  precision: Precision | null;
  source: string | null;
  readAt: Date | null;
  confirmedAt: Date | null;
}

export interface Moment {
  readAt: Date;
  runBreakAt: Date | null;
  source: string;
}

/** What one observed post becomes. */
export interface PlannedPost {
  post: ObservedPost;
  /** null: not in the database yet. */
  postId: number | null;
  /** Counters as read, after refusals. */
  read: Counters;
  known: Counters;
  unread: number;
  viewKind: ViewKind | null;
  /** True: the open run is extended. False: a new row of readings begins. */
  continues: boolean;
  /** The open run that a new row closes, when it was confirmed after it was first read. */
  closes: { readAt: Date; confirmedAt: Date } | null;
}

const nothingKnown: Counters = [null, null, null, null, null, null, null, null, null];

export function countersOf(post: ObservedPost): Counters {
  const c = post.counters;
  return [
    c.viewCount,
    c.playCount,
    c.likeCount,
    c.commentCount,
    c.shareCount,
    c.savedCount,
    c.fbPlayCount,
    c.igPlayCount,
    c.fbLikeCount,
  ];
}

/** Decides for one observed post between extending its open run and appending a reading, and refuses what may not be mixed. */
export function planPost(
  post: ObservedPost,
  before: KnownPost | undefined,
  moment: Moment,
  mustAppend: boolean,
  doubted: ReadonlySet<number> = none,
): { planned: PlannedPost; refused: RefusedItem[] } {
  const knownBefore = before?.known ?? nothingKnown;
  const given = countersOf(post);
  const series = keepSeries(post, withoutCounters(given, doubted), before?.viewKind ?? null, knownBefore);
  const { read, viewKind } = series;
  const refused = refusedFalls(post.externalId, counterNames, { known: knownBefore, read: given }, doubted);
  if (series.refused) refused.push(series.refused);
  const unread = unreadMask(read);
  const open = before?.readAt && before.confirmedAt ? { readAt: before.readAt, confirmedAt: before.confirmedAt } : null;
  const continues =
    !mustAppend &&
    before !== undefined &&
    !before.keepsEveryReading &&
    open !== null &&
    before.unread === unread &&
    sameCounters(readFromKnown(knownBefore, before.unread), read) &&
    continuesRun(
      { ...open, precision: before.precision, source: before.source },
      { at: moment.readAt, precision: post.precision, source: moment.source, runBreakAt: moment.runBreakAt },
    );
  const closes = !continues && open !== null && open.confirmedAt > open.readAt ? open : null;
  return {
    planned: {
      post,
      postId: before?.postId ?? null,
      read,
      known: mergeKnown(knownBefore, read),
      unread,
      viewKind,
      continues,
      closes,
    },
    refused,
  };
}

/** The posts that are known already, beside what was read of them now. */
export const postsCompared = (known: ReadonlyMap<string, KnownPost>, posts: readonly ObservedPost[]): Compared[] =>
  posts.flatMap((post) => {
    const before = known.get(post.externalId);
    if (before === undefined) return [];
    return [
      { externalId: post.externalId, postId: before.postId, names: counterNames, before, read: countersOf(post) },
    ];
  });
