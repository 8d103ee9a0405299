// The fast checks, two at a time: what fails is shown in full, the rest in one line.
//   node tools/check.ts            all of them
//   node tools/check.ts --static   without the tests
import { spawn } from 'node:child_process';

interface Check {
  name: string;
  command: string;
}

interface Outcome extends Check {
  isOk: boolean;
  output: string;
  seconds: string;
}

const staticChecks: Check[] = [
  { name: 'types', command: 'tsc -p . --pretty --incremental --tsBuildInfoFile node_modules/.cache/tsc.tsbuildinfo' },
  { name: 'lint, layers and write verbs', command: 'oxlint' },
  { name: 'dead code', command: 'knip' },
  { name: 'format', command: 'biome format --colors=off' },
];
const tests: Check = { name: 'pure tests', command: 'vitest run --project pure --reporter=dot' };

const waiting = process.argv.includes('--static') ? staticChecks : [...staticChecks, tests];
const atATime = 2;
let failed = 0;

await Promise.all(Array.from({ length: atATime }, work));
process.exitCode = failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) report(await run(check));
}

function report({ name, isOk, output, seconds }: Outcome): void {
  if (!isOk) failed += 1;
  if (!isOk) process.stdout.write(`\n${output.trim()}\n\n`);
  process.stdout.write(`${isOk ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
}

async function run(check: Check): Promise<Outcome> {
  const startedAt = performance.now();
  const child = spawn(check.command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { ...check, isOk: code === 0, output, seconds: ((performance.now() - startedAt) / 1000).toFixed(1) };
}
