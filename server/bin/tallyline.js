#!/usr/bin/env node
// Plain JavaScript that any Node can parse: finds a Node that runs TypeScript directly (22.18 or newer), then the command line.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// Young objects may grow to 64 MB by default, and old ones to four times what lives: at a million posts the API held 363 MB of
// memory for 35 MB of live objects, and 200 MB with these two (docs/adr/0006). The first counts from a process' start only.
const heapFlag = '--max-semi-space-size=8';
const growthFlag = '--heap-growing-percent=50';

if (major > 22 || (major === 22 && minor >= 18)) {
  if (['serve', 'api', 'collector'].includes(process.argv[2])) {
    restartWith(heapFlag);
    setFlagsFromString(growthFlag);
  }
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/tallyline', import.meta.url)));
  await import('../src/cli/main.ts');
} else {
  const pinnedNode = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
  if (existsSync(pinnedNode)) runWith(pinnedNode);
  else refuse();
}

/** The same process begins anew: only then does the flag count. Where that is impossible (Windows) it goes on without. */
function restartWith(flag) {
  const [name] = flag.split('=');
  const isGiven = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((given) => given.includes(name));
  if (isGiven || process.execve === undefined || process.platform === 'win32') return;
  const self = fileURLToPath(import.meta.url);
  process.execve(process.execPath, [process.execPath, flag, ...process.execArgv, self, ...process.argv.slice(2)]);
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A signal sent to this process alone must reach the child. Ctrl-C then reaches it twice, which it takes as one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`Tallyline could not start ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

function refuse() {
  console.error(
    [
      `Tallyline needs Node 22.18 or newer; this is ${process.version}.`,
      'The Node it brings along is missing, because npm was told not to run install scripts. Either',
      '  npm rebuild node        (fetches the pinned Node into node_modules), or',
      '  install Node 24 from https://nodejs.org and start again.',
    ].join('\n'),
  );
  process.exitCode = 1;
}
