/**
 * The sandbox server as a process of its own, for benchmarks and fault drills:
 *   node server/src/sources/sandbox/main.ts [--seed text] [--port n] [--page-size n]
 * Prints its address; ends with SIGINT or SIGTERM.
 */
import { parseArgs } from 'node:util';
import { startSandboxServer } from './server.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'tallyline' },
    port: { type: 'string', default: '0' },
    'page-size': { type: 'string', default: '50' },
  },
});

const server = await startSandboxServer({
  seed: values.seed,
  port: Number(values.port),
  pageSize: Number(values['page-size']),
});
process.stdout.write(`${server.url}\n`);
// One Ctrl-C arrives more than once: a repeat must not end the process before it has closed.
let closing: Promise<void> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void (closing ??= server.close()));
