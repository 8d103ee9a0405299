import type { SpawnOptions } from 'node:child_process';
import type { ServerUser } from './user.ts';

/**
 * How a program that works on the data directory `directory` is started, and what it is told as its -D.
 *
 * The server user of root may be unable to enter a parent of the data directory (say /root). Then no absolute path works for it. But its
 * working directory does, set by root before the user changes, and /proc/self/cwd is an absolute path to exactly that.
 */
export function onDataDirectory(directory: string, user: ServerUser): { dataArgument: string; options: SpawnOptions } {
  const indirect = user !== null && process.platform === 'linux';
  return {
    dataArgument: indirect ? '/proc/self/cwd' : directory,
    options: { cwd: directory, env: cleanEnvironment(), ...user },
  };
}

// The server must not carry the keys of TALLYLINE_* variables, nor be steered by PG* ones.
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
