// Run as a process of its own: opens the database of a data directory as `service` or `command`, says so, and closes it on any input.
import { once } from 'node:events';
import { joinOrOpenDatabase, openDatabase } from '../../src/database/open.ts';
import { silentLogger } from './logger.ts';

const [role, dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('usage: hold-database.ts service|command DATA_DIR');
const open = role === 'service' ? openDatabase : joinOrOpenDatabase;
const handle = await open({ databaseUrl: null, dataDir, poolSize: 2 }, silentLogger);
process.stdout.write(`${JSON.stringify(handle.embedded)}\n`);
await once(process.stdin, 'data');
await handle.close();
process.stdin.destroy();
