import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface MigrationFile {
  version: number;
  name: string;
  sql: string;
  checksum: string;
  /** Programs of the version before can't run beside the changed schema. */
  breaking: boolean;
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
const BREAKING_MARKER = '-- tallyline: breaking';

export const migrationsDirectory = join(import.meta.dirname, 'migrations');

export async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map((name) => readMigration(directory, name)));
  files.forEach((file, index) => {
    if (file.version !== index + 1) throw new Error(`migration ${file.name} should be number ${index + 1}`);
  });
  return files;
}

async function readMigration(directory: string, fileName: string): Promise<MigrationFile> {
  const version = FILE_NAME.exec(fileName)?.[1];
  if (version === undefined) throw new Error(`${fileName} is not named NNNN_words.sql`);
  // A checkout may turn line ends into CRLF; that is no edit.
  const sql = (await readFile(join(directory, fileName), 'utf8')).replaceAll('\r\n', '\n');
  return {
    version: Number(version),
    name: fileName.slice(0, -'.sql'.length),
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
    breaking: sql.split('\n', 1)[0]?.trim() === BREAKING_MARKER,
  };
}
