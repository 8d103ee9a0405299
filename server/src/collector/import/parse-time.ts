export interface ParsedTime {
  at: Date;
  /** The text names a day and no time; then `at` is its beginning in UTC. */
  isDay: boolean;
}

export type TimeParser = (text: string) => ParsedTime | null;

const clock = String.raw`(?:[T ](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?\s*(?<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?`;
const parts = { yyyy: String.raw`(?<year>\d{4})`, mm: String.raw`(?<month>\d{1,2})`, dd: String.raw`(?<day>\d{1,2})` };
export const isoDates = 'yyyy-mm-dd';
export const unixDates = 'unix';

/** Whether `format` is an order of yyyy, mm and dd with something between them, or `unix`. */
export function isDateFormat(format: string): boolean {
  if (format === unixDates) return true;
  return /^(yyyy|mm|dd)[^a-z0-9](yyyy|mm|dd)[^a-z0-9](yyyy|mm|dd)$/.test(format) && isOfEach(format);
}

const isOfEach = (format: string): boolean => Object.keys(parts).every((part) => format.includes(part));

/**
 * Reads times as ISO 8601, and also in `format`, of which a time may follow. Without a zone a time is UTC. Answers null for
 * what is neither, and for days that no calendar has.
 */
export function timeParser(format: string): TimeParser {
  const patterns = [patternOf(isoDates)];
  if (format !== isoDates && format !== unixDates) patterns.push(patternOf(format));
  const known = new Map<string, ParsedTime | null>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const parsed = parse(text.trim(), patterns, format === unixDates);
    // Files of readings say the same few moments over and over.
    if (known.size >= 5_000) known.clear();
    known.set(text, parsed);
    return parsed;
  };
}

function patternOf(format: string): RegExp {
  const escaped = format.replaceAll(/[^a-z]/g, (mark) => `\\${mark}`);
  const source = Object.entries(parts).reduce((text, [part, pattern]) => text.replace(part, pattern), escaped);
  return new RegExp(`^${source}${clock}$`, 'i');
}

function parse(text: string, patterns: readonly RegExp[], isUnix: boolean): ParsedTime | null {
  if (isUnix && /^\d{9,10}(\.\d+)?$/.test(text)) return { at: new Date(Math.round(Number(text) * 1000)), isDay: false };
  if (isUnix && /^\d{12,13}$/.test(text)) return { at: new Date(Number(text)), isDay: false };
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return timeOf(groups);
  }
  return null;
}

function timeOf(groups: Record<string, string | undefined>): ParsedTime | null {
  const { hour, minute, second, fraction, zone } = groups;
  const [year, month, day] = [groups.year, groups.month, groups.day].map(Number) as [number, number, number];
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (year < 1970 || midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  if (hour === undefined) return { at: midnight, isDay: true };
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const millis = Math.floor(Number(`0.${fraction ?? 0}`) * 1000);
  const local = midnight.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
  return { at: new Date(local - offsetMs(zone)), isDay: false };
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || /^(z|utc)$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
