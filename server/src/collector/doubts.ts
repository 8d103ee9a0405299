import type { Kysely } from 'kysely';
import type { Database } from '../database/tables.ts';
import { areDoubtful, type Compared, type Fall, fallsOf, isConfirmed } from './falls.ts';
import { lastGivenBefore, type NamedCounter, refusedSince } from './last-given.ts';
import type { Moment } from './plan-posts.ts';

/** Indexes of the counters that a reading must not give: of the profile under null, of posts by external id. */
export type Doubts = ReadonlyMap<string | null, ReadonlySet<number>>;

interface Fallen extends NamedCounter {
  externalId: string | null;
  fall: Fall;
  /** Of the last known value. null: the latest reading did not give it, an earlier one has. */
  source: string | null;
}

/**
 * Where another source gave the last known value, less than half of it is more likely a fault of one of the two than true. It is
 * refused until the other source says so too, or enough readings do. A source that contradicts itself is believed.
 */
export async function doubtsOf(
  trx: Kysely<Database>,
  profileId: number,
  items: readonly Compared[],
  moment: Moment,
): Promise<Doubts> {
  const fallen = items.flatMap(fallenOf).filter(({ source }) => source !== moment.source);
  const doubted = fallen.length === 0 ? [] : await stillDoubted(trx, profileId, fallen, moment);
  const doubts = new Map<string | null, ReadonlySet<number>>();
  for (const [externalId, counters] of Map.groupBy(doubted, (each) => each.externalId)) {
    const falls = counters.map(({ fall }) => fall);
    if (areDoubtful(falls)) doubts.set(externalId, new Set(falls.map(({ index }) => index)));
  }
  return doubts;
}

function fallenOf({ externalId, postId, names, before, read }: Compared): Fallen[] {
  const falls = fallsOf(before.known, read);
  if (!areDoubtful(falls)) return [];
  return falls.map((fall) => {
    const isGivenLast = ((before.unread >> fall.index) & 1) === 0;
    return { externalId, postId, name: names[fall.index] ?? '', fall, source: isGivenLast ? before.source : null };
  });
}

/** What the latest reading gave was given by another source. Of the rest it is looked up who did, and what was refused since. */
async function stillDoubted(
  trx: Kysely<Database>,
  profileId: number,
  fallen: readonly Fallen[],
  moment: Moment,
): Promise<Fallen[]> {
  const earlier = fallen.filter(({ source }) => source === null);
  if (earlier.length === 0) return [...fallen];
  const given = await lastGivenBefore(trx, profileId, earlier);
  const refused = await refusedSince(trx, profileId, given);
  return fallen.filter((each) => {
    if (each.source !== null) return true;
    const last = given.find(({ postId, name }) => postId === each.postId && name === each.name);
    if (last === undefined || last.source === moment.source) return false;
    const values = refused
      .filter(({ externalId, at }) => externalId === each.externalId && at > last.confirmedAt)
      .flatMap(({ at, read }) => (each.name in read ? [{ at, value: read[each.name] ?? 0 }] : []));
    return !isConfirmed(each.fall, values, moment.readAt);
  });
}
