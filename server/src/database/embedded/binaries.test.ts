import { mkdir, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { prepareBinaries } from './binaries.ts';

it('links of the libraries are made when the install script was not allowed to', async () => {
  const packageDir = await temporaryDirectory();
  const library = join(packageDir, 'native', 'lib');
  await mkdir(library, { recursive: true });
  await writeFile(
    join(packageDir, 'native', 'pg-symlinks.json'),
    JSON.stringify([
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    ]),
  );
  await writeFile(join(library, 'libpq.so.5.18'), '');
  await symlink('libpq.so.5.18', join(library, 'libpq.so'));
  const { postgres } = await prepareBinaries(null, packageDir, packageDir);
  expect(postgres).toBe(join(packageDir, 'native', 'bin', 'postgres'));
  expect((await readdir(library)).sort()).toEqual(['libpq.so', 'libpq.so.5', 'libpq.so.5.18']);
  expect(await readlink(join(library, 'libpq.so.5'))).toBe('libpq.so.5.18');
});
