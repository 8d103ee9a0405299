// Run as a process of its own: migrates the database of a URL and prints what it applied.
import { migrate } from '../../src/database/migrate.ts';
import { createPool } from '../../src/database/pool.ts';
import { silentLogger } from './logger.ts';

const pool = createPool({ connectionString: process.argv[2] ?? '' }, {}, silentLogger);
const result = await migrate(pool, silentLogger);
process.stdout.write(JSON.stringify(result));
await pool.end();
