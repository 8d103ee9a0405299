import type { Kysely } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { type Counters, type Gains, gainNames, unknownCounters } from '../../metrics/counters.ts';
import { addDays, startOfDay } from '../../metrics/days.ts';
import { gainOfWindow } from '../../metrics/gains.ts';
import type { Window } from '../../metrics/windows.ts';
import { countersAtEdge } from './edge-readings.ts';
import type { PostHolder } from './post-holder.ts';

const allGains = gainNames.map((_, i) => i);

export interface HolderGains {
  holder: PostHolder;
  /** Window by window. */
  gains: Gains[];
}

/**
 * What each post gained in each of some windows, from its levels at their ends alone: the days between are not read.
 * Only the gains asked for are filled.
 */
export async function postGains(
  db: Kysely<Database>,
  holders: readonly PostHolder[],
  windows: readonly Pick<Window, 'start' | 'end'>[],
  gains: readonly number[] = allGains,
): Promise<HolderGains[]> {
  const starts = windows.map((window) => startOfDay(window.start));
  const ends = windows.map((window) => startOfDay(addDays(window.end, 1)));
  const [before, last] = await Promise.all([
    levelsBefore(db, holders, starts, gains),
    levelsBefore(db, holders, ends, gains),
  ]);
  const first = await firstLevels(db, holders, starts, before, gains);
  return holders.map((holder, h) => ({
    holder,
    gains: windows.map((_, w) =>
      gainNames.map((_, i) => {
        const levels = {
          before: before[h]?.[w]?.[i] ?? null,
          last: last[h]?.[w]?.[i] ?? null,
          first: first[h]?.[i] ?? null,
        };
        return gainOfWindow(levels, holder.countsFromZero);
      }),
    ),
  }));
}

/** The counters each holder knew before each moment. After its last run of readings nothing changed: that needs no look-up. */
async function levelsBefore(
  db: Kysely<Database>,
  holders: readonly PostHolder[],
  moments: readonly Date[],
  counters: readonly number[],
): Promise<Counters[][]> {
  const levels = holders.map((holder) => moments.map(() => holder.known));
  const places = holders.flatMap((holder, h) =>
    moments.flatMap((before, m) => {
      const isUnchanged = holder.lastRunAt === null || holder.lastRunAt < before;
      return isUnchanged ? [] : [{ h, m, holder, from: null, before }];
    }),
  );
  const found = await countersAtEdge(db, 'last', places, counters);
  places.forEach(({ h, m }, i) => levels[h]?.splice(m, 1, found[i] ?? unknownCounters));
  return levels;
}

/**
 * The first readings of the posts that start at theirs, where a window begins before it. They are looked for from the
 * latest of those beginnings on, since before it nothing was read.
 */
async function firstLevels(
  db: Kysely<Database>,
  holders: readonly PostHolder[],
  starts: readonly Date[],
  before: readonly (readonly Counters[])[],
  counters: readonly number[],
): Promise<Counters[]> {
  const places = holders.flatMap((holder, h) => {
    const unread = counters.flatMap((i) => {
      const times = starts.flatMap((start, w) => (isKnown(before[h]?.[w], i) ? [] : [start.getTime()]));
      return times.length > 0 && isKnown(holder.known, i) ? [Math.max(...times)] : [];
    });
    if (holder.countsFromZero || unread.length === 0) return [];
    return [{ h, holder, from: new Date(Math.min(...unread)), before: null }];
  });
  const found = await countersAtEdge(db, 'first', places, counters);
  const first = holders.map((): Counters => unknownCounters);
  places.forEach(({ h }, i) => first.splice(h, 1, found[i] ?? unknownCounters));
  return first;
}

const isKnown = (counters: Counters | undefined, i: number): boolean => (counters?.[i] ?? null) !== null;
