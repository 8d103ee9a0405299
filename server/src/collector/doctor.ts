import type { Kysely } from 'kysely';
import type { Database } from '../database/tables.ts';
import { allAccounts, allVideos, countHolders } from './all-holders.ts';
import { accountProblems } from './doctor-accounts.ts';
import { type Check, structureChecks } from './doctor-checks.ts';
import { inSnapshot } from './in-snapshot.ts';
import { organizationChecks } from './doctor-organizations.ts';
import { videoProblems } from './doctor-videos.ts';

export interface DoctorDeps {
  db: Kysely<Database>;
  onProgress?: (done: number, total: number) => void;
}

const failuresKept = 20;

const checkNames = {
  days: 'day gains equal the differences of readings',
  sums: 'sum of day gains equals last minus first known counter',
  totals: 'last known counters and sums equal the readings',
} as const;
type Problems = Record<keyof typeof checkNames, string[]>;

/** Recomputes every figure from readings and compares it with what is stored; changes nothing. */
export async function runDoctor({ db, onProgress }: DoctorDeps): Promise<{ checks: Check[] }> {
  const checks = await structureChecks(db);
  const total = await countHolders(db);
  let done = 0;
  const look = async (
    notes: Notes,
    name: string,
    find: (trx: Kysely<Database>) => Promise<Problems>,
  ): Promise<void> => {
    notes.add(name, await inSnapshot(db, find));
    done += 1;
    onProgress?.(done, Math.max(total, done));
  };
  const [accounts, videos] = [new Notes('accounts'), new Notes('videos')];
  for await (const account of allAccounts(db)) {
    const name = `account ${account.accountId} of organization ${account.organizationId}`;
    await look(accounts, name, (trx) => accountProblems(trx, account));
  }
  for await (const video of allVideos(db)) {
    const name = `video ${video.videoId} of organization ${video.organizationId}`;
    await look(videos, name, (trx) => videoProblems(trx, video));
  }
  const organizations = await organizationChecks(db);
  return { checks: [...checks, ...accounts.checks(), ...videos.checks(), ...organizations] };
}

/** What was found about the books of all accounts, or of all videos. */
class Notes {
  readonly #checks: Record<keyof Problems, Check>;

  constructor(holders: string) {
    const check = (name: string): Check => ({ name: `${holders}: ${name}`, ok: true, checked: 0, failures: [] });
    this.#checks = { days: check(checkNames.days), sums: check(checkNames.sums), totals: check(checkNames.totals) };
  }

  add(holder: string, problems: Problems): void {
    for (const kind of ['days', 'sums', 'totals'] as const) {
      const [check, found] = [this.#checks[kind], problems[kind]];
      check.checked += 1;
      if (found.length === 0) continue;
      check.ok = false;
      if (check.failures.length < failuresKept) check.failures.push(`${holder}: ${found.slice(0, 3).join('; ')}`);
    }
  }

  checks(): Check[] {
    return Object.values(this.#checks);
  }
}
