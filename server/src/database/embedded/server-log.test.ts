import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { boundServerLog, readServerLog } from './server-log.ts';

it('a log that grew too large is cut, and one older part is kept', async () => {
  const path = join(await temporaryDirectory(), 'postgres.log');
  for (const start of ['first', 'second']) {
    await writeFile(path, start);
    await truncate(path, 9 * 1024 * 1024);
    boundServerLog(path);
  }
  expect((await stat(path)).size).toBe(0);
  expect((await readFile(`${path}.1`, 'utf8')).slice(0, 6)).toBe('second');
});

it('what a start logged is read without what was logged before', async () => {
  const path = join(await temporaryDirectory(), 'postgres.log');
  await writeFile(path, 'before\nFATAL: after\n');
  expect(readServerLog(path, 'before\n'.length)).toBe('FATAL: after');
});
