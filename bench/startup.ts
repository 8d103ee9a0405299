import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentMb, root, start } from './support/processes.ts';
import { type Figure, median } from './support/table.ts';

const rounds = 3;
const idleMs = 5_000;

/** `npm start` until its ready line, in an empty folder and again; and what Node keeps in memory when idle. */
export async function benchStartup(): Promise<Figure[]> {
  const [first, second, memory]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'tallyline-bench-start-'));
    const env = { TALLYLINE_DATA_DIR: join(folder, 'data'), TALLYLINE_PORT: '0', TALLYLINE_LOG_LEVEL: 'info' };
    for (const times of [first, second]) {
      const began = performance.now();
      const running = await start('npm', ['start', '--prefix', root], env, /ready at (http\S+)/);
      times.push((performance.now() - began) / 1000);
      const pid = await serverPid(running.child.pid ?? 0);
      if (times === second) {
        await new Promise((resolve) => setTimeout(resolve, idleMs));
        memory.push(await residentMb(pid));
      }
      process.kill(pid, 'SIGTERM');
      await running.stop();
    }
    await rm(folder, { recursive: true, force: true });
  }
  return [
    against('`npm start` to ready, first ever', median(first), 's', 6),
    against('`npm start` to ready, second time', median(second), 's', 3),
    against('resident memory of Node, idle', median(memory), 'MB', 150),
  ];
}

function against(name: string, value: number, unit: string, limit: number): Figure {
  const [shown, aim] =
    unit === 's' ? [value.toFixed(1), `≤ ${limit} s`] : [String(Math.round(value)), `≤ ${limit} ${unit}`];
  return {
    name,
    value: `${shown} ${unit}`,
    peer: '',
    ratio: `${(value / limit).toFixed(2)} of the limit`,
    aim,
    isMet: value <= limit,
  };
}

/** The deepest descendant of npm is the server (Linux). */
async function serverPid(npmPid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  let pid = npmPid;
  for (;;) {
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(/\s+/).filter(Boolean);
    const commands = await Promise.all(
      children.map(async (child) => ({ child, command: await readFile(`/proc/${child}/cmdline`, 'utf8') })),
    );
    const next = commands.find(({ command }) => !command.includes('postgres'));
    if (next === undefined) return pid;
    pid = Number(next.child);
  }
}
