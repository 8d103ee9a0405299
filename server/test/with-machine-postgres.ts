// Runs a command with TALLYLINE_TEST_DATABASE_URL naming a server of the machine's own Postgres, made for it and removed afterwards:
//   node server/test/with-machine-postgres.ts vitest run --project database
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chooseServerUser } from '../src/database/embedded/user.ts';
import { socketUrl } from './support/test-server.ts';

const DEBIAN_FOLDER = '/usr/lib/postgresql';
const PORT = 5432;
const MAJOR = process.env['TALLYLINE_TEST_POSTGRES'] ?? '15';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('usage: with-machine-postgres.ts COMMAND [ARGUMENT…]');
process.exitCode = await runWithServer(command, args);

async function runWithServer(program: string, programArgs: string[]): Promise<number> {
  const bin = findBin();
  const directory = mkdtempSync('/tmp/tallyline-machine-postgres-');
  const user = chooseServerUser(join(directory, 'data'));
  if (user !== null) chownSync(directory, user.uid, user.gid);
  const run = (name: string, ...rest: string[]): void => {
    execFileSync(join(bin, name), ['-D', join(directory, 'data'), ...rest], {
      cwd: directory,
      stdio: 'ignore',
      ...user,
    });
  };
  try {
    run('initdb', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
    const options = `-k ${directory} -c listen_addresses='' -p ${PORT} -c fsync=off -c full_page_writes=off -c max_connections=200`;
    run('pg_ctl', '-w', '-l', join(directory, 'log'), '-o', options, 'start');
    const url = socketUrl(directory, PORT, 'postgres', 'postgres');
    const child = spawn(program, programArgs, {
      stdio: 'inherit',
      env: { ...process.env, TALLYLINE_TEST_DATABASE_URL: url },
    });
    // An interrupted run also takes its server away: the child ends by the same signal, and then so do we.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    run('pg_ctl', '-m', 'immediate', 'stop');
    rmSync(directory, { recursive: true, force: true });
  }
}

function findBin(): string {
  if (!readdirSync(DEBIAN_FOLDER, { withFileTypes: true }).some(({ name }) => name === MAJOR)) {
    throw new Error(`${DEBIAN_FOLDER}/${MAJOR} is missing: apt-get install postgresql-${MAJOR}`);
  }
  return join(DEBIAN_FOLDER, MAJOR, 'bin');
}
