import { parseHandle } from '../../services/accounts/parse-handle.ts';
import { parseIdentifier } from '../../services/videos/parse-identifier.ts';
import type { Platform } from '../../sources/source.ts';
import {
  allPosts,
  counterFields,
  type Field,
  type FileReading,
  levelFields,
  numberFields,
  type RowProblem,
  totalId,
} from './fields.ts';
import type { Layout, Mapping } from './mapping.ts';
import { parseCount } from './parse-count.ts';
import { type ParsedTime, type TimeParser, timeParser } from './parse-time.ts';

export type Cell = string | number | boolean | object | null | undefined;
export type Row = readonly Cell[];

/**
 * What a line of the file says: readings, none when every number is blank; and what is wrong with it. Then there are no readings,
 * unless the table is wide, where a bad cell says nothing about the others.
 */
export interface ParsedRow {
  readings: FileReading[];
  problems: RowProblem[];
}

export interface RowParser {
  (row: Row, line: number): ParsedRow;
}

/** When the older of the two platforms opened. */
const earliest = Date.UTC(2010, 9, 1);
const shownValue = 80;
const noNumbers: readonly null[] = numberFields.map(() => null);
const levelCount = levelFields.length;

/** Reads rows of this layout. `now` bounds what can have been read. */
export function rowParser(layout: Layout, mapping: Mapping, now: Date): RowParser {
  const { positions, values, wide } = layout;
  const times = timeParser(mapping.dates);
  const handles = handleParser(mapping.handles);
  const fieldCells = numberFields.map((field) => ({ field, position: positions[field], value: values[field] }));
  return (row, line) => {
    const reader = new RowReader(line);
    const text = (field: Field): string => {
      const position = positions[field];
      return position === undefined ? (values[field] ?? '') : reader.text(field, row[position]);
    };
    const platform = reader.platform(text('platform'));
    const common = {
      line,
      readAt: reader.readAt(text('read_at'), times, mapping.dates, now),
      create: reader.createTime(text('create_time'), times, now),
      caption: reader.caption(text('caption')),
    };
    reader.requireOrder(common.readAt, common.create);
    if (wide !== null) return reader.wide(row, wide, { ...common, platform, externalId: text('external_id'), handles });
    const username = reader.username(platform, text('username'), handles);
    const externalId = reader.externalId(platform, text('external_id'), username);
    const numbers = fieldCells.map(({ field, position, value }) =>
      position === undefined
        ? value === undefined
          ? null
          : reader.count(field, value)
        : reader.count(field, reader.text(field, row[position])),
    );
    reader.requirePost(text('external_id'), numbers);
    if (platform === 'tiktok') reader.requireOneNumber(numbers);
    return reader.done(() => readingsOf({ ...common, platform, username, externalId, numbers }));
  };
}

/** Handles of a platform by what the file calls them. */
type HandleParser = (platform: Platform, name: string) => string | null;

function handleParser(renamed: Record<string, string>): HandleParser {
  const known = new Map<string, string | null>();
  return (platform, name) => {
    const key = `${platform} ${name}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const handle = parseHandle(platform, Object.hasOwn(renamed, name.trim()) ? (renamed[name.trim()] ?? '') : name);
    if (known.size >= 20_000) known.clear();
    known.set(key, handle);
    return handle;
  };
}

interface Common {
  line: number;
  readAt: ParsedTime | null;
  create: ParsedTime | null;
  caption: string | null;
}

interface Whole extends Common {
  platform: Platform | null;
  username: string | null;
  externalId: string | null;
  numbers: readonly (number | null)[];
}

interface WideRow extends Common {
  platform: Platform | null;
  externalId: string;
  handles: HandleParser;
}

/** A line may be about a post, about a profile, or about both. */
function readingsOf({ line, platform, username, externalId, readAt, create, caption, numbers }: Whole): FileReading[] {
  if (platform === null || username === null || readAt === null) return [];
  const base = { line, platform, username, readAt: readAt.at };
  const readings: FileReading[] = [];
  const isGiven = (count: number | null): boolean => count !== null;
  if (numbers.slice(0, levelCount).some(isGiven)) {
    const levels = numbers.map((count, i) => (i < levelCount ? count : null));
    readings.push({ ...base, externalId: null, numbers: levels, createTime: null, caption: null });
  }
  if (externalId !== null && numbers.slice(levelCount).some(isGiven)) {
    const counters = numbers.map((count, i) => (i < levelCount ? null : count));
    const oneNumber = platform === 'tiktok' ? withViewsAsPlays(counters) : counters;
    readings.push({ ...base, externalId, numbers: oneNumber, createTime: create?.at ?? null, caption });
  }
  return readings;
}

const viewIndex = numberFields.indexOf('view_count');
const playIndex = numberFields.indexOf('play_count');

/** TikTok has one number under both names (contract v2 §3). */
function withViewsAsPlays(numbers: readonly (number | null)[]): readonly (number | null)[] {
  const count = numbers[viewIndex] ?? numbers[playIndex] ?? null;
  return numbers.map((other, i) => (i === viewIndex || i === playIndex ? count : other));
}

class RowReader {
  readonly #line: number;
  readonly #problems: RowProblem[] = [];

  constructor(line: number) {
    this.#line = line;
  }

  fail(field: string, value: string, message: string): null {
    this.#problems.push({ line: this.#line, field, value: value.slice(0, shownValue), message });
    return null;
  }

  text(field: string, cell: Cell): string {
    if (typeof cell === 'string') return cell;
    if (cell === null || cell === undefined) return '';
    if (typeof cell === 'number') return String(cell);
    this.fail(field, JSON.stringify(cell), 'must be a text or a number');
    return '';
  }

  platform(text: string): Platform | null {
    if (text === 'tiktok' || text === 'instagram') return text;
    const name = text.trim().toLowerCase();
    if (name === 'tiktok' || name === 'instagram') return name;
    return this.fail('platform', text, 'must be instagram or tiktok');
  }

  username(platform: Platform | null, text: string, handles: HandleParser): string | null {
    if (platform === null) return null;
    const handle = handles(platform, text);
    if (handle !== null) return handle;
    const kind = platform === 'instagram' ? 'an Instagram' : 'a TikTok';
    const fix = text.trim() === '' ? '' : `; to give it one, use --handle "${text.trim()}=HANDLE"`;
    return this.fail('username', text, `must be ${kind} handle or profile URL${fix}`);
  }

  externalId(platform: Platform | null, text: string, username: string | null): string | null {
    const id = text.trim();
    if (id === '' || platform === null) return null;
    if (id === allPosts) return username === null ? null : totalId(username);
    if (/^[1-9]\d{14,19}$/.test(id)) return id;
    // Fewer digits would pass for a shortcode.
    const parsed = /^\d+$/.test(id) && !/^\d{15,}$/.test(id) ? null : parseIdentifier(platform, id);
    if (parsed !== null && 'post' in parsed) return parsed.post.externalId;
    const kind = platform === 'instagram' ? 'id, shortcode or URL of an Instagram post' : 'id or URL of a TikTok video';
    return this.fail('external_id', text, `must be the ${kind}; ids have 15 to 20 digits, so keep them as text`);
  }

  readAt(text: string, times: TimeParser, format: string, now: Date): ParsedTime | null {
    if (text.trim() === '') return this.fail('read_at', text, 'is missing: when was this read?');
    const time = times(text);
    const known =
      format === 'yyyy-mm-dd' ? '; for another order use --dates, such as --dates dd/mm/yyyy' : ` or ${format}`;
    if (time === null) return this.fail('read_at', text, `is no time of the calendar in ISO 8601${known}`);
    if (time.at > now) return this.fail('read_at', text, 'is in the future; a reading is of the past');
    if (time.at.getTime() < earliest) return this.fail('read_at', text, 'is before October 2010, when Instagram began');
    return time;
  }

  createTime(text: string, times: TimeParser, now: Date): ParsedTime | null {
    if (text.trim() === '') return null;
    const time = times(text);
    if (time === null) return this.fail('create_time', text, 'is no time of the calendar; leave it blank when unknown');
    if (time.at > now) return this.fail('create_time', text, 'is in the future');
    if (time.at.getTime() < earliest)
      return this.fail('create_time', text, 'is before October 2010, when Instagram began');
    return time;
  }

  /** A reading that names a day alone may be of any hour of it. */
  requireOrder(readAt: ParsedTime | null, create: ParsedTime | null): void {
    if (readAt === null || create === null) return;
    const latest = readAt.at.getTime() + (readAt.isDay ? 86_399_999 : 0);
    if (create.at.getTime() <= latest) return;
    this.fail('create_time', create.at.toISOString(), 'is after read_at: the post was read before it was published');
  }

  /** Views and likes are a post's, so they say whose. */
  requirePost(externalId: string, numbers: readonly (number | null)[]): void {
    if (externalId.trim() !== '') return;
    const given = counterFields.filter((_, i) => (numbers[levelCount + i] ?? null) !== null);
    if (given.length === 0) return;
    const message = `is missing: ${given.join(', ')} are of a post. For totals of a whole profile use --map external_id==*`;
    this.fail('external_id', externalId, message);
  }

  requireOneNumber(numbers: readonly (number | null)[]): void {
    const [views = null, plays = null] = [numbers[viewIndex], numbers[playIndex]];
    if (views === null || plays === null || views === plays) return;
    this.fail('play_count', String(plays), `differs from view_count (${views}), but on TikTok they are one number`);
  }

  caption(text: string): string | null {
    if (text === '') return null;
    return text.includes('\0') ? this.fail('caption', text, 'has a NUL character in it') : text;
  }

  count(field: string, text: string): number | null {
    const parsed = parseCount(text);
    return 'count' in parsed ? parsed.count : this.fail(field, text, parsed.message);
  }

  /** Each cell is one number of the profile that its column is called after. */
  wide(row: Row, { field, columns }: NonNullable<Layout['wide']>, common: WideRow): ParsedRow {
    const index = numberFields.indexOf(field);
    if (this.#problems.length > 0) return this.done(() => []);
    const readings = columns.flatMap(({ position, username: name }) => {
      const before = this.#problems.length;
      const count = this.count(field, this.text(name, row[position]));
      if (count === null) return [];
      const username = this.username(common.platform, name, common.handles);
      const externalId = this.externalId(common.platform, common.externalId, username);
      const numbers = noNumbers.map((_, i) => (i === index ? count : null));
      this.requirePost(common.externalId, numbers);
      return this.#problems.length > before ? [] : readingsOf({ ...common, username, externalId, numbers });
    });
    return { readings, problems: this.#problems };
  }

  done(readings: () => FileReading[]): ParsedRow {
    return { readings: this.#problems.length > 0 ? [] : readings(), problems: this.#problems };
  }
}
