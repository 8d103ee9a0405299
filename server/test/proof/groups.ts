import fc from 'fast-check';

/** Members that only make sense together, beyond what a schema can say: the contract's own rules for them. */
export interface Group {
  /** Applies where all of these are inputs. */
  members: readonly string[];
  /** Absent: what the schema says is enough. */
  valid?: fc.Arbitrary<Members>;
  /** Must be refused, naming exactly one of `fields`. */
  wrong: fc.Arbitrary<{ members: Members; fields: readonly string[] }>;
}

export type Members = Record<string, unknown>;

/** The proof's today. */
export const today = '2026-03-20';
const dayMs = 86_400_000;
const todayMs = Date.parse(`${today}T00:00:00Z`);
const day = (daysAgo: number): string => new Date(todayMs - daysAgo * dayMs).toISOString().slice(0, 10);

const preset = fc.constantFrom('7d', '30d', '90d');
const span = fc
  .tuple(fc.nat(1000), fc.oneof(fc.constantFrom(0, 365), fc.nat(365)))
  .map(([daysAgo, more]) => ({ start_date: day(daysAgo + more), end_date: day(daysAgo) }));

const window: Group = {
  members: ['period', 'start_date', 'end_date'],
  valid: fc.oneof(
    fc.constant({}),
    preset.map((period) => ({ period })),
    preset.map((period) => ({ period, start_date: 'ignored' })),
    span,
    span.map((dates) => ({ period: 'custom', ...dates })),
  ),
  wrong: fc.constantFrom(
    { members: { period: 'custom', end_date: day(3) }, fields: ['start_date'] },
    { members: { start_date: day(3) }, fields: ['end_date'] },
    { members: { start_date: '2026-02-30', end_date: today }, fields: ['start_date'] },
    { members: { start_date: '2026-3-1', end_date: today }, fields: ['start_date'] },
    { members: { start_date: day(3), end_date: `${today}T00:00:00Z` }, fields: ['end_date'] },
    { members: { start_date: day(3), end_date: day(-1) }, fields: ['end_date'] },
    { members: { start_date: day(3), end_date: day(4) }, fields: ['start_date', 'end_date'] },
    { members: { start_date: day(366), end_date: today }, fields: ['start_date', 'end_date'] },
    { members: { period: '14d' }, fields: ['period'] },
  ),
};

const moment = fc.nat(400).map((daysAgo) => day(daysAgo));
const postedSpan: Group = {
  members: ['posted_after', 'posted_before'],
  valid: fc.oneof(
    fc.constant({}),
    moment.map((after) => ({ posted_after: after })),
    moment.map((before) => ({ posted_before: `${before}T05:00:00+05:30` })),
    moment.map((after) => ({ posted_after: `${after}T05:00:00.5Z`, posted_before: today.replace('20', '21') })),
  ),
  wrong: fc.constantFrom(
    { members: { posted_after: '2026-13-01' }, fields: ['posted_after'] },
    { members: { posted_before: '2026-03-01T00:00:00' }, fields: ['posted_before'] },
    { members: { posted_after: '' }, fields: ['posted_after'] },
    { members: { posted_after: today, posted_before: today }, fields: ['posted_after', 'posted_before'] },
    { members: { posted_after: day(1), posted_before: day(9) }, fields: ['posted_after', 'posted_before'] },
  ),
};

const platform = fc.constantFrom('instagram', 'tiktok');
const name = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z0-9_]{4,20}$/) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'tostring') },
);
const profileUrls: Record<string, (name: string) => string> = {
  instagram: (name) => `https://www.instagram.com/${name}/?hl=en`,
  tiktok: (name) => `m.tiktok.com/@${name}`,
};

const handle: Group = {
  members: ['platform', 'username'],
  valid: fc.tuple(platform, name, fc.nat(3)).map(([platform, name, form]) => ({
    platform,
    username: [name, ` @${name} `, name.toUpperCase(), profileUrls[platform]?.(name) ?? name][form],
  })),
  wrong: fc.constantFrom(
    ...[
      ['instagram', 'has space'],
      ['instagram', 'x'.repeat(31)],
      ['instagram', '   '],
      ['instagram', 'https://www.instagram.com/p/DEiyb48AeB9/'],
      ['instagram', 'https://www.tiktok.com/@someone'],
      ['instagram', 'ünïcode'],
      ['tiktok', 'a'],
      ['tiktok', 'abc.'],
      ['tiktok', 'x'.repeat(25)],
      ['tiktok', 'https://www.tiktok.com/@a.b/video/7470969622276164906'],
    ].map(([platform, username]) => ({ members: { platform, username }, fields: ['username'] })),
  ),
};

const digits = fc.stringMatching(/^[1-9][0-9]{18}$/);
const shortcode = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{9}$/).map((tail) => `D${tail}`);
const post: Group = {
  members: ['platform', 'identifier'],
  valid: fc.oneof(
    fc.tuple(shortcode, fc.nat(4)).map(([code, form]) => ({
      platform: 'instagram',
      identifier: [
        code,
        `https://www.instagram.com/p/${code}/`,
        `https://www.instagram.com/some.one/reel/${code}/?igsh=x`,
        `instagram.com/reels/${code}`,
        `https://m.instagram.com/tv/${code}`,
      ][form],
    })),
    digits.map((identifier) => ({ platform: 'instagram', identifier })),
    fc.tuple(digits, fc.nat(2)).map(([id, form]) => ({
      platform: 'tiktok',
      identifier: [
        id,
        `https://www.tiktok.com/@some.one/video/${id}?lang=en`,
        `https://www.tiktok.com/@some.one/photo/${id}`,
      ][form],
    })),
  ),
  wrong: fc.constantFrom(
    ...[
      ['instagram', 'https://example.com/p/DEiyb48AeB9/'],
      ['instagram', 'https://www.tiktok.com/@a.b/video/7470969622276164906'],
      ['instagram', 'has space'],
      ['instagram', 'abcd'],
      ['instagram', '   '],
      ['tiktok', 'DEiyb48AeB9'],
      ['tiktok', 'https://vm.tiktok.com/ZMabcdef/'],
      ['tiktok', '12345678901234'],
      ['tiktok', 'https://www.instagram.com/p/DEiyb48AeB9/'],
    ].map(([platform, identifier]) => ({ members: { platform, identifier }, fields: ['identifier'] })),
  ),
};

const internalIds: Group = {
  members: ['instagram_post_ids', 'tiktok_video_ids'],
  wrong: fc.constantFrom(
    { members: { instagram_post_ids: [], tiktok_video_ids: [] }, fields: ['body'] },
    {
      members: {
        instagram_post_ids: Array.from({ length: 101 }, (_, i) => i + 1),
        tiktok_video_ids: Array.from({ length: 100 }, (_, i) => i + 1),
      },
      fields: ['body'],
    },
  ),
};

const blankName: Group = {
  members: ['name'],
  wrong: fc.constantFrom(' ', '\t\n ', '\u3000').map((blank) => ({ members: { name: blank }, fields: ['name'] })),
};

const groups = [window, postedSpan, handle, post, internalIds, blankName];

/** The groups whose members are all among an operation's inputs. */
export const groupsOf = (names: readonly string[]): Group[] =>
  groups.filter(({ members }) => members.every((member) => names.includes(member)));
