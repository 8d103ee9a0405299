import { fields, text, wholeNumber } from '../fields.ts';

/**
 * The API looks for videos within 30 days at most, so a feed is walked back in windows of 30 days. Where the walk is, as a cursor.
 */
export interface Position {
  /** Last day of the window, as the API writes days: YYYYMMDD in UTC. */
  end: string;
  /** The place in the window; both come from the page before. */
  offset: number;
  searchId: string | null;
  /** Videos found so far, in all windows and in this one. */
  seen: number;
  seenHere: number;
  /** Videos that the profile counts; null: unknown. */
  total: number | null;
}

const dayMs = 86_400_000;
export const windowDays = 30;
/** TikTok opened in September 2016, and took over videos of musical.ly, which opened in August 2014. */
const firstDay = Date.UTC(2014, 7, 1);

export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
const timeOf = (day: string): number =>
  Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T00:00:00Z`);

export const firstPosition = (now: Date, total: number | null): Position => ({
  end: dayOf(now.getTime()),
  offset: 0,
  searchId: null,
  seen: 0,
  seenHere: 0,
  total,
});

/** Both days belong to the window. */
export const startOf = ({ end }: Position): string => dayOf(timeOf(end) - (windowDays - 1) * dayMs);

/** The window before this one; null when nothing can lie in it. `since`: when the account was made, if its id says so. */
export function windowBefore(position: Position, since: Date | null): Position | null {
  const { seen, seenHere, total } = position;
  // Videos published since the profile was counted may stand for older ones, so one window more is looked into.
  if (total !== null && seen >= total && seenHere === 0) return null;
  const start = timeOf(startOf(position));
  if (start <= Math.max(since?.getTime() ?? firstDay, firstDay)) return null;
  return { end: dayOf(start - dayMs), offset: 0, searchId: null, seen, seenHere: 0, total };
}

export const writePosition = (position: Position): string => JSON.stringify(position);

export function readPosition(cursor: string): Position | null {
  const found = fields(parse(cursor));
  const end = text(found?.end);
  const [offset, seen, seenHere] = [wholeNumber(found?.offset), wholeNumber(found?.seen), wholeNumber(found?.seenHere)];
  if (end === null || !/^\d{8}$/.test(end) || Number.isNaN(timeOf(end))) return null;
  if (offset === null || seen === null || seenHere === null) return null;
  return { end, offset, searchId: text(found?.searchId), seen, seenHere, total: wholeNumber(found?.total) };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(cursor);
  } catch {
    return null;
  }
}
