import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { newDataDir } from './support/data-dir.ts';
import { tallyline, tallylineJson } from './support/process.ts';

const history = [
  'day;who;fans;likes of last week',
  '01/03/2026;@Ana;100;7',
  '02/03/2026;@Ana;;',
  '03/03/2026;@Ana;130;9',
];
const mapped = [
  '--map',
  'platform==tiktok',
  '--map',
  'read_at=day',
  '--map',
  'username=who',
  '--map',
  'follower_count=fans',
];

it('import takes a file in, tells what is wrong with one that is not right, and agrees with the doctor', async () => {
  const dataDir = newDataDir();
  const settings = { TALLYLINE_DATA_DIR: dataDir };
  const folder = join(dataDir, '..', 'files');
  await mkdir(folder);
  const good = join(folder, 'history.csv.gz');
  writeFileSync(good, gzipSync(history.join('\n')));
  const imported = await tallylineJson(['import', good, ...mapped, '--dates', 'dd/mm/yyyy'], settings);
  const counts = {
    rows: 3,
    bad_rows: 0,
    empty_rows: 1,
    profiles: 1,
    accounts_added: 1,
    readings_written: 2,
    errors_file: null,
  };
  expect(imported).toEqual({ ...counts, unused_columns: ['likes of last week'] });

  const bad = join(folder, 'bad.csv');
  writeFileSync(bad, [...history, '04/03/2026;@Ana;=1+1;'].join('\n'));
  const refused = await tallyline(['import', bad, ...mapped, '--dates', 'dd/mm/yyyy'], settings);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('1 of 4 rows of');
  expect(refused.stderr).toContain('line 5, follower_count is no count');
  // Never a formula, even if somebody opens the list in a spreadsheet.
  expect(readFileSync(`${bad}.errors.csv`, 'utf8').split('\n').slice(0, 2)).toEqual([
    'line,field,value,problem',
    expect.stringMatching(/^5,follower_count,'=1\+1,/),
  ]);

  const unlisted = await tallyline(['import', bad, ...mapped, '--errors', join(folder, 'none', 'x.csv')], settings);
  expect(unlisted).toMatchObject({ code: 1, stdout: '' });
  expect(unlisted.stderr).toContain('name another file with --errors');

  const wrong = await tallyline(['import', good, '--map', 'views=day'], settings);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('map views must be one of: platform, username');
  expect(existsSync(`${good}.errors.csv`)).toBe(false);
  const tracking = await tallyline(['import', good, ...mapped, '--dates', 'dd/mm/yyyy', '--track'], settings);
  expect(tracking).toMatchObject({ code: 1 });
  expect(tracking.stderr).toContain('the sandbox, whose numbers are made up');

  const { ok } = await tallylineJson<{ ok: boolean }>(['doctor'], settings);
  expect(ok).toBe(true);
});
