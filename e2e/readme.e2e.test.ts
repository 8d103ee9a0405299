import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { newDataDir } from './support/data-dir.ts';
import { startServer } from './support/server.ts';

const root = resolve(import.meta.dirname, '..');

/** The commands of the README's tour, step by step, word for word but for address and key. */
function tourSteps(url: string, apiKey: string): string[] {
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  const tour = readme.slice(readme.indexOf('## Five-minute tour'), readme.indexOf('## Sources'));
  const blocks = [...tour.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1] ?? '');
  return blocks.map((block) => block.replace('http://127.0.0.1:8787', url).replace('tga_...', apiKey));
}

it('the five-minute tour of the README works as it is written', async () => {
  const dataDir = newDataDir();
  const server = await startServer({ dataDir });
  const [setUp, ...steps] = tourSteps(server.url, server.apiKey ?? '');
  expect(steps).toHaveLength(6);
  const script = [setUp, ...steps.map((step, i) => `echo "== step ${i + 1}"\n${step}`)].join('\n');
  const stdout = await runScript(script, { ...process.env, TALLYLINE_DATA_DIR: dataDir });
  const [, group = '', accounts = '', links = '', gains = '', polling = '', doctor = ''] = stdout.split(/== step \d\n/);

  expect(group).toMatch(/idempotent-replayed: true/i);
  expect(group).toContain('Competitor set');
  expect(accounts).toMatch(/"last_scrape_time":"20/);
  expect(accounts).toMatch(/"type":"account_video"/);
  expect(statuses(links)).toEqual(['201', '201', '201', '200', '204', '200']);
  expect(links).toMatch(/"creator_id":null/);
  const series = [...gains.matchAll(/^\{"data":.*$/gm)].map(([line]) => JSON.parse(line).data.length);
  expect(series).toEqual([1, 30, new Date(Date.now()).getUTCDate()]);
  expect(statuses(polling)).toEqual(['304', '404']);
  expect(doctor).not.toContain('FAIL');
  expect(doctor).toContain('ok  ');
});

const statuses = (text: string): string[] => [...text.matchAll(/^HTTP (\d{3})$/gm)].map((match) => match[1] ?? '');

/** What the script printed, in one stream, so that what a step writes to stderr stays with it. */
async function runScript(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}`], { cwd: root, env });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect(child.exitCode, output).toBe(0);
  return output;
}
