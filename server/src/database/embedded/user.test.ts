import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../test/support/temporary-directory.ts';
import { chooseServerUser } from './user.ts';

const NOBODY = 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/bin/false\n';
const POSTGRES = 'postgres:x:101:104::/:/bin/false\n';

async function choose(passwd: string, owner?: number): Promise<ReturnType<typeof chooseServerUser>> {
  const directory = await temporaryDirectory();
  const path = join(directory, 'passwd');
  await writeFile(path, passwd);
  const cluster = join(directory, 'postgres');
  if (owner !== undefined) {
    await mkdir(cluster);
    await chown(cluster, owner, owner);
  }
  return chooseServerUser(cluster, path);
}

describe.runIf(process.getuid?.() === 0)('the user that the server of root runs as', () => {
  it('is postgres, or else nobody', async () => {
    expect(await choose(NOBODY + POSTGRES)).toEqual({ uid: 101, gid: 104 });
    expect(await choose(NOBODY)).toEqual({ uid: 65534, gid: 65533 });
  });

  it('stays the owner of the data, whoever the machine has got by now', async () => {
    expect(await choose(NOBODY + POSTGRES, 65534)).toEqual({ uid: 65534, gid: 65534 });
  });

  it('is asked for when there is none', async () => {
    await expect(choose('root:x:0:0::/:/bin/sh\n')).rejects.toThrow(/ordinary user.*TALLYLINE_DATABASE_URL/);
  });
});
