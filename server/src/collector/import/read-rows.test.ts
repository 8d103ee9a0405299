import { describe, expect, it } from 'vitest';
import { pieces, plainMapping } from '../../../test/support/importing.ts';
import type { FileReading, RowProblem } from './fields.ts';
import type { Mapping } from './mapping.ts';
import { type FileFormat, readRows } from './read-rows.ts';

const now = new Date('2026-03-10T12:00:00Z');

async function read(text: string, mapping: Partial<Mapping> = {}, format: FileFormat = 'csv', size = 7) {
  const readings: FileReading[] = [];
  const problems: RowProblem[] = [];
  const counts = await readRows({
    content: pieces(text, size),
    format,
    mapping: { ...plainMapping, ...mapping },
    now,
    onReading: (reading) => readings.push(reading),
    onProblem: (problem) => problems.push(problem),
    afterChunk: async () => undefined,
  });
  return { ...counts, readings, problems };
}

const told = ({ problems }: { problems: RowProblem[] }): string[] =>
  problems.map(({ line, field, message }) => `${line} ${field} ${message}`);
const numbers = ({ readings }: { readings: FileReading[] }) => readings.map((reading) => reading.numbers.join());

const post = 'platform,username,external_id,read_at,view_count,like_count,caption';
const id = '7203375632661695749';

describe('a CSV file', () => {
  it('becomes readings; blank is unknown, and 0 is a count', async () => {
    const { readings, ...counts } = await read(
      `\uFEFF${post},follower_count\r\ninstagram,@Some.One,${id},2026-03-01 08:00:05+02:00,,0,"two\nlines, ""quoted""",\r\ninstagram,some.one,,2026-03-01,,,,120\r\n\r\ninstagram,some.one,,2026-03-02,,,,\r\n`,
    );
    expect(counts).toEqual({ rows: 3, empty: 1, bad: 0, unused: [], problems: [] });
    expect(readings).toEqual([
      {
        line: 3,
        platform: 'instagram',
        username: 'some.one',
        externalId: id,
        readAt: new Date('2026-03-01T06:00:05Z'),
        numbers: [null, null, null, null, null, 0, null, null, null],
        createTime: null,
        caption: 'two\nlines, "quoted"',
      },
      expect.objectContaining({
        line: 4,
        externalId: null,
        readAt: new Date('2026-03-01T00:00:00Z'),
        numbers: [120, ...Array(8).fill(null)],
      }),
    ]);
  });

  it('may be separated by semicolons or tabs, and end without a newline', async () => {
    for (const separator of [';', '\t']) {
      const text = `${post}\ntiktok,someone,${id},2026-03-01,5,1,`.replaceAll(',', separator);
      expect(numbers(await read(text))).toEqual([',,,5,5,1,,,']);
    }
  });

  it('with a post and its profile on one line gives a reading of each', async () => {
    const { readings } = await read(`${post},follower_count\ntiktok,someone,${id},2026-03-01,5,1,,77\n`);
    expect(readings.map(({ externalId }) => externalId)).toEqual([null, id]);
  });

  it('that is empty, has no number, or names no time is refused as a whole', async () => {
    await expect(read('')).rejects.toMatchObject({ errors: [{ field: 'file', message: 'is empty' }] });
    await expect(read('platform,username,read_at,views\n')).rejects.toMatchObject({
      errors: [
        { field: 'file', message: 'has no number to import; its columns are: platform, username, read_at, views' },
      ],
    });
    await expect(read('platform,username,follower_count\n')).rejects.toMatchObject({
      errors: [{ field: 'read_at', message: 'is in no column; use --map read_at=COLUMN or --map read_at==VALUE' }],
    });
    await expect(read(`${post},view_count\n`)).rejects.toMatchObject({
      errors: [{ field: 'file', message: 'has two columns called view_count' }],
    });
  });
});

describe('bad rows', () => {
  it('are named by line, field and what to do', async () => {
    const rows = [
      `youtube,someone,${id},2026-03-01,5,,`,
      `tiktok,some one,${id},2026-03-01,5,,`,
      `tiktok,someone,${id},31/02/2026,5,,`,
      `tiktok,someone,${id},2026-02-30,5,,`,
      `tiktok,someone,${id},2026-03-11,5,,`,
      `tiktok,someone,${id},,5,,`,
      `tiktok,someone,${id},2026-03-01,-5,1.5,`,
      `tiktok,someone,${id},2026-03-01,"12,500",1e9,`,
      `tiktok,someone,,2026-03-01,5,,`,
      `tiktok,someone,7.2E+18,2026-03-01,5,,`,
      `tiktok,someone,${id},2026-03-01,5,`,
      `tiktok,someone,${id},2026-03-01,99999999999999999999,,`,
    ];
    const result = await read([post, ...rows].join('\n'));
    expect(result).toMatchObject({ rows: 12, bad: 12, readings: [] });
    expect(told(result)).toEqual([
      '2 platform must be instagram or tiktok',
      '3 username must be a TikTok handle or profile URL; to give it one, use --handle "some one=HANDLE"',
      '4 read_at is no time of the calendar in ISO 8601; for another order use --dates, such as --dates dd/mm/yyyy',
      '5 read_at is no time of the calendar in ISO 8601; for another order use --dates, such as --dates dd/mm/yyyy',
      '6 read_at is in the future; a reading is of the past',
      '7 read_at is missing: when was this read?',
      '8 view_count is negative; a count is 0 or more, and blank when it is unknown',
      '8 like_count has a fraction; a count is a whole number',
      '9 view_count is no count; write a whole number such as 12500, without separators or units, or leave it blank when it is unknown',
      '9 like_count is no count; write a whole number such as 12500, without separators or units, or leave it blank when it is unknown',
      '10 external_id is missing: view_count are of a post. For totals of a whole profile use --map external_id==*',
      '11 external_id must be the id or URL of a TikTok video; ids have 15 to 20 digits, so keep them as text',
      '12  has 6 cells where the header has 7; put cells with a separator in them in quotes',
      '13 view_count is larger than any count can be (1000000000000)',
    ]);
  });

  it('contradict themselves', async () => {
    const columns = 'platform,username,external_id,read_at,create_time,view_count,play_count';
    const result = await read(
      [
        columns,
        `tiktok,someone,${id},2026-03-01,2026-03-01T18:00:00Z,5,`,
        `tiktok,someone,${id},2026-03-01T17:00:00Z,2026-03-01T18:00:00Z,5,`,
        `tiktok,someone,${id},2026-03-02,,5,6`,
        `instagram,someone,${id},2026-03-02,,5,6`,
      ].join('\n'),
    );
    expect(told(result)).toEqual([
      '3 create_time is after read_at: the post was read before it was published',
      '4 play_count differs from view_count (5), but on TikTok they are one number',
    ]);
    expect(result.readings.map(({ line }) => line)).toEqual([2, 5]);
  });

  it('may have quotes in their cells; a quote that swallows rows is told', async () => {
    const row = (day: number, caption: string): string => `tiktok,someone,${id},2026-03-0${day},5,1,${caption}`;
    const quoted = await read([post, row(1, 'a "b" c'), row(2, '"b" c'), row(3, 'd')].join('\n'));
    expect(quoted.readings.map(({ line, caption }) => `${line} ${caption}`)).toEqual(['2 a "b" c', '3 "b" c', '4 d']);
    const swallowed = await read([post, row(1, '"a'), row(2, 'b'), row(3, '"c,'), row(4, 'd')].join('\n'));
    expect(told(swallowed)).toEqual([
      '4  has 8 cells where the header has 7; put cells with a separator in them in quotes (the row is 3 lines long: is a quote missing?)',
    ]);
    expect(swallowed.readings.map(({ line }) => line)).toEqual([5]);
  });

  it('that are a quote without an end end the import: nobody knows what is behind it', async () => {
    const text = `${post}\ntiktok,someone,${id},2026-03-01,5,1,a\ntiktok,someone,${id},2026-03-02,5,1,"b\ntiktok,someone,${id},2026-03-03,5,1,c\n`;
    await expect(read(text)).rejects.toMatchObject({
      errors: [{ field: 'file', message: "can't be read after line 2: a quote that is opened there is never closed" }],
    });
  });
});

describe('a mapping', () => {
  const dates = 'dd/mm/yyyy';

  it('names columns and values', async () => {
    const { readings, unused } = await read('DATE,who,fans,noise\n05/03/2026 10:30,Ana,38.0,x\n', {
      columns: { read_at: 'DATE', username: 'who', follower_count: 'fans' },
      values: { platform: 'tiktok' },
      handles: { Ana: 'ana.official' },
      dates,
    });
    expect(unused).toEqual(['noise']);
    expect(readings).toEqual([
      expect.objectContaining({
        username: 'ana.official',
        readAt: new Date('2026-03-05T10:30:00Z'),
        numbers: [38, ...Array(8).fill(null)],
      }),
    ]);
  });

  it('reads a wide table, a profile per column, and a bad cell is no other profile’s fault', async () => {
    const mapping = { columns: { read_at: 'DATE', follower_count: '*' }, values: { platform: 'tiktok' }, dates };
    const result = await read('DATE,ana,FCN-X,bo\n04/03/2026,10,1,\n05/03/2026,11,,3\n', mapping);
    expect(result).toMatchObject({ rows: 2, bad: 1 });
    expect(told(result)).toEqual([
      '2 username must be a TikTok handle or profile URL; to give it one, use --handle "FCN-X=HANDLE"',
    ]);
    expect(result.readings.map(({ username, line }) => `${line} ${username}`)).toEqual(['2 ana', '3 ana', '3 bo']);
  });

  it('makes totals of a profile', async () => {
    const mapping = {
      columns: { read_at: 'DATE', like_count: '*' },
      values: { platform: 'tiktok', external_id: '*' },
      dates,
    };
    const { readings } = await read('DATE,ana,bo\n04/03/2026,10,20\n', mapping);
    expect(readings.map(({ externalId }) => externalId)).toEqual(['total-ana', 'total-bo']);
  });

  it('that does not fit the file is refused with the columns there are', async () => {
    await expect(read('a,b\n1,2\n', { columns: { read_at: 'c' } })).rejects.toMatchObject({
      errors: expect.arrayContaining([
        { field: 'map read_at', message: 'names the column c, which the file does not have; it has: a, b' },
      ]),
    });
  });
});

describe('an NDJSON file', () => {
  it('keeps every digit of ids that are numbers, and null is unknown', async () => {
    const text = `{"platform":"tiktok","username":"ana","external_id":${id},"read_at":"2026-03-01","view_count":5,"like_count":null,"caption":"ü"}\n`;
    const { readings } = await read(text, {}, 'ndjson', 1);
    expect(readings).toEqual([
      expect.objectContaining({
        externalId: id,
        caption: 'ü',
        numbers: [null, null, null, 5, 5, null, null, null, null],
      }),
    ]);
  });

  it('names the lines that are none', async () => {
    const result = await read(
      '[1]\n{"a"\n{"platform":"tiktok","username":"ana","read_at":"2026-03-01","follower_count":{}}',
      {},
      'ndjson',
    );
    expect(result.problems.map(({ line, field }) => `${line} ${field}`)).toEqual(['1 ', '2 ', '3 follower_count']);
  });
});
