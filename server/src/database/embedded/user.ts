import { readFileSync, statSync } from 'node:fs';
import { DatabaseStartError } from '../errors.ts';

/** The unprivileged user that Postgres runs as when Tallyline runs as root; null: Tallyline's own user. */
export type ServerUser = { uid: number; gid: number } | null;

const CANDIDATES = ['postgres', 'nobody'];

export function chooseServerUser(clusterDir: string, passwdPath = '/etc/passwd'): ServerUser {
  const ownUid = process.getuid?.() ?? 0;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (ownUid !== 0) {
    if (owner !== undefined && owner.uid !== ownUid) {
      throw new DatabaseStartError(
        `${clusterDir} belongs to user id ${owner.uid}, and this process runs as ${ownUid}. ` +
          `Run as that user, give it to this one (as root: chown -R ${ownUid} '${clusterDir}'), or choose another TALLYLINE_DATA_DIR.`,
      );
    }
    return null;
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp(passwdPath);
}

// initdb refuses a user id without a name, so it has to be one that the machine knows.
function lookUp(passwdPath: string): ServerUser {
  const entries = readFileSync(passwdPath, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const candidate of CANDIDATES) {
    const entry = entries.find(([name]) => name === candidate);
    if (entry === undefined) continue;
    // macOS writes nobody as -2.
    return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
  }
  throw new DatabaseStartError(
    'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody". ' +
      'Run Tallyline as an ordinary user, or set TALLYLINE_DATABASE_URL.',
  );
}
