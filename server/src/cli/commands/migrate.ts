import { migrate } from '../../database/migrate.ts';
import { joinOrOpenDatabase } from '../../database/open.ts';
import { loadConfig } from '../../config.ts';
import type { Output } from '../output.ts';
import { loggerFor } from '../runtime.ts';

export async function migrateCommand(options: { allowBreaking: boolean }, output: Output): Promise<void> {
  const config = loadConfig(process.env);
  const logger = loggerFor(config, { command: 'migrate', role: 'command' });
  const settings = { databaseUrl: config.databaseUrl, dataDir: config.dataDir, applicationName: 'tallyline migrate' };
  const handle = await joinOrOpenDatabase(settings, logger);
  try {
    const { applied } = await migrate(handle, logger, options);
    const lines = applied.length === 0 ? ['The database is up to date'] : applied.map((name) => `Applied ${name}`);
    output.result({ applied }, lines);
  } finally {
    await handle.close();
  }
}
