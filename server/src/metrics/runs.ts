const dayMs = 86_400_000;

/** Number of the UTC day, counted from 1970-01-01. */
export function utcDayNumber(at: Date): number {
  return Math.floor(at.getTime() / dayMs);
}

/** The moment cut to a whole second, as times of posts and times that clients see and sort by are. */
export function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

/** UTC date `YYYY-MM-DD`. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

// Series name the same few hundred days over and over; making the text is most of what a point costs.
const dayTexts = new Map<number, string>();
const dayTextsKept = 4_000;

/** UTC date of a day number. */
export function dayOfNumber(dayNumber: number): string {
  const known = dayTexts.get(dayNumber);
  if (known !== undefined) return known;
  if (dayTexts.size >= dayTextsKept) dayTexts.clear();
  const text = new Date(dayNumber * dayMs).toISOString().slice(0, 10);
  dayTexts.set(dayNumber, text);
  return text;
}

/** The latest row of readings: the same values at `readAt` and on every UTC day up to `confirmedAt`. */
export interface OpenRun {
  readAt: Date;
  confirmedAt: Date;
  precision: string | null;
  source: string | null;
}

/**
 * Whether a reading with the same values extends the open run instead of starting a new row. It does not when a UTC day
 * was skipped, when who is looking changed since (`runBreakAt`), or when source or precision differ: so the days with a
 * reading, and whose readings they were, can be told from the rows alone.
 */
export function continuesRun(
  open: OpenRun,
  reading: { at: Date; precision: string; source: string; runBreakAt: Date | null },
): boolean {
  return (
    open.precision === reading.precision &&
    open.source === reading.source &&
    utcDayNumber(reading.at) - utcDayNumber(open.confirmedAt) <= 1 &&
    (reading.runBreakAt === null || open.confirmedAt.getTime() > reading.runBreakAt.getTime())
  );
}

/** The UTC day numbers on which a run was read. */
export function daysOfRun(run: { readAt: Date; confirmedAt: Date }): number[] {
  const first = utcDayNumber(run.readAt);
  return Array.from({ length: utcDayNumber(run.confirmedAt) - first + 1 }, (_, i) => first + i);
}
