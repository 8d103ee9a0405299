import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../errors.ts';

/**
 * Makes a folder and those above it. Node's own recursive mkdir goes on for ever where nothing can be made in a folder that is
 * there (/proc answers ENOENT), and takes no signal meanwhile.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const above = dirname(folder);
    const isAboveMissing = errorCode(error) === 'ENOENT' && above !== folder && !(await exists(above));
    if (!isAboveMissing) throw error;
    await makeFolder(above);
    await makeFolder(folder);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
