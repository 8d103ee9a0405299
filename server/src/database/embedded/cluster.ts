import type { Logger } from 'pino';
import type { Binaries } from './binaries.ts';
import type { ServerUser } from './user.ts';

/** One Postgres data directory and what is needed to run a server on it. */
export interface Cluster {
  /** The Postgres data directory itself. */
  directory: string;
  logPath: string;
  socketDir: string;
  user: ServerUser;
  binaries: Binaries;
  /** Server settings on top of ours. */
  settings: Readonly<Record<string, string>>;
  logger: Logger;
}

export const SUPERUSER = 'tallyline';
export const DATABASE = 'tallyline';
export const POSTGRES_MAJOR = 18;
