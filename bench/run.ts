/**
 * npm run bench [-- read growth record end-to-end startup import | -- --large]
 * Prints tables in Markdown: each figure against its peer or limit, measured in one run on this machine.
 */
import { availableParallelism, cpus } from 'node:os';
import { benchEndToEnd } from './end-to-end.ts';
import { benchGrowth } from './growth.ts';
import { benchImport } from './import.ts';
import { benchLarge } from './large/large.ts';
import { benchReads, startServers } from './read.ts';
import { benchRecord } from './record.ts';
import { benchStartup } from './startup.ts';
import { benchDatabase } from './support/database.ts';
import { printTable } from './support/table.ts';

const all = ['startup', 'record', 'end-to-end', 'growth', 'read', 'import'];
const asked = process.argv.slice(2);
const chosen = asked.length > 0 ? asked : all;
const unknown = chosen.filter((name) => !all.includes(name) && name !== '--large');
if (unknown.length > 0) {
  process.stderr.write(`unknown benchmark: ${unknown.join(', ')}; there are: ${all.join(', ')}\n`);
  process.exit(2);
}

const cpu = cpus()[0]?.model ?? 'unknown processor';
process.stdout.write(
  `Node ${process.version}, ${availableParallelism()} cores (${cpu.trim()}), load generator included\n`,
);

if (chosen.includes('--large')) await benchLarge();
if (chosen.includes('startup')) printTable('Start', await benchStartup());
if (chosen.includes('record') || chosen.includes('end-to-end')) {
  const bench = await benchDatabase();
  if (chosen.includes('record')) printTable('Record path', await benchRecord(bench));
  if (chosen.includes('end-to-end')) printTable('Collection, end to end', await benchEndToEnd(bench));
  await bench.close();
}
if (chosen.includes('growth') || chosen.includes('read')) {
  const bench = await benchDatabase();
  printTable('Growth, answers built for every request', await benchGrowth(bench, () => startServers(bench)));
  if (chosen.includes('read')) {
    const servers = await startServers(bench);
    printTable('Read path at 10,000 accounts, 50 connections', await benchReads(bench, servers));
    await servers.stop();
  }
  await bench.close();
}
if (chosen.includes('import')) printTable('Import', await benchImport());
