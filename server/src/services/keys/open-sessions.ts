import { type Kysely, sql } from 'kysely';
import type { Clock } from '../../clock.ts';
import { unavailable } from '../../contract/problem.ts';
import type { Database } from '../../database/tables.ts';
import type { Scope } from '../context.ts';

export const rateWindowSeconds = 60;

/** What one look at the database says about the key of a request. */
export interface Session {
  apiKeyId: string;
  apiKeyName: string;
  /** Complete: admin includes write includes read. */
  scopes: readonly Scope[];
  organizationId: string;
  organizationName: string;
  isKeyDisabled: boolean;
  isOrganizationDisabled: boolean;
  /** Changes with every write an organization can see. Read after the request arrived, before any of its queries. */
  dataVersion: string;
  /** This request's number in the running window, over all processes; 0 when it was not counted. */
  requestNumber: number;
  windowEndsAtSeconds: number;
}

export type OpenSession = (keyHash: string) => Promise<Session | null>;

interface Waiting {
  keyHash: string;
  resolve: (session: Session | null) => void;
  reject: (error: unknown) => void;
}

interface Row {
  key_hash: string;
  api_key_id: string;
  key_name: string;
  scopes: string[];
  is_key_disabled: boolean;
  organization_id: string;
  organization_name: string;
  is_organization_disabled: boolean;
  data_version: string;
  hits: number | null;
  window_ends_at: string | null;
}

const lookupTimeoutMs = 5_000;
const scopeOrder: readonly Scope[] = ['read', 'write', 'admin'];

/**
 * Key, organization, rate limit and data version in one round trip, shared by all requests that wait for it: at most one
 * lookup runs per process, and a request that arrives meanwhile joins the next one, so its answer is never older than it.
 */
export function createSessionOpener(deps: { db: Kysely<Database>; clock: Clock }): OpenSession {
  let waiting: Waiting[] = [];
  let isBusy = false;

  async function run(): Promise<void> {
    // Requests read from their sockets in this turn of the event loop come along.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = waiting;
    waiting = [];
    try {
      settle(batch, await withinTime(lookUp(deps, batch)));
    } catch (error) {
      for (const request of batch) request.reject(error);
    }
    if (waiting.length > 0) void run();
    else isBusy = false;
  }

  return (keyHash) =>
    new Promise((resolve, reject) => {
      waiting.push({ keyHash, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      void run();
    });
}

/** A lookup that hangs (a lost network) must not hold up every later request. */
async function withinTime(rows: Promise<Row[]>): Promise<Row[]> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('The database does not answer.')), lookupTimeoutMs);
  });
  try {
    return await Promise.race([rows, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function settle(batch: readonly Waiting[], rows: readonly Row[]): void {
  const found = new Map(rows.map((row) => [row.key_hash, { row, scopes: allScopes(row.scopes), requestNumber: 0 }]));
  const askedBy = countByHash(batch);
  for (const entry of found.values()) {
    entry.requestNumber = (entry.row.hits ?? 0) - (askedBy.get(entry.row.key_hash) ?? 0);
  }
  for (const { keyHash, resolve } of batch) {
    const entry = found.get(keyHash);
    if (entry === undefined) {
      resolve(null);
      continue;
    }
    entry.requestNumber += 1;
    resolve(toSession(entry.row, entry.scopes, entry.row.hits === null ? 0 : entry.requestNumber));
  }
}

function toSession(row: Row, scopes: readonly Scope[], requestNumber: number): Session {
  return {
    apiKeyId: row.api_key_id,
    apiKeyName: row.key_name,
    scopes,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    isKeyDisabled: row.is_key_disabled,
    isOrganizationDisabled: row.is_organization_disabled,
    dataVersion: row.data_version,
    requestNumber,
    windowEndsAtSeconds: Number(row.window_ends_at ?? 0),
  };
}

function countByHash(batch: readonly Waiting[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { keyHash } of batch) counts.set(keyHash, (counts.get(keyHash) ?? 0) + 1);
  return counts;
}

function allScopes(granted: readonly string[]): readonly Scope[] {
  const highest = Math.max(0, ...granted.map((scope) => scopeOrder.indexOf(scope as Scope)));
  return scopeOrder.slice(0, highest + 1);
}

// Windows are compared with a tolerance of one window, since the clocks of two processes differ a little: the later one
// wins for both. The rows are locked in one order, so that two processes cannot deadlock.
async function lookUp(deps: { db: Kysely<Database>; clock: Clock }, batch: readonly Waiting[]): Promise<Row[]> {
  const counts = countByHash(batch);
  const windowMs = rateWindowSeconds * 1000;
  const windowStart = new Date(Math.floor(deps.clock.now().getTime() / windowMs) * windowMs);
  const { rows } = await sql<Row>`
    with asked as (
      select decode(hash, 'hex') as key_hash, requests
      from unnest(${[...counts.keys()]}::text[], ${[...counts.values()]}::int[]) as asked (hash, requests)
    ),
    found as (
      select k.key_hash, asked.requests, k.organization_id, k.api_key_id, k.name as key_name, k.scopes,
        k.disabled_at is not null as is_key_disabled,
        o.name as organization_name, o.disabled_at is not null as is_organization_disabled
      from asked
      join api_keys k on k.key_hash = asked.key_hash
      join organizations o on o.organization_id = k.organization_id
    ),
    counted as (
      insert into rate_windows as w (organization_id, api_key_id, window_start, hits)
      select organization_id, api_key_id, ${windowStart}::timestamptz, requests
      from found
      where not is_key_disabled and not is_organization_disabled
      order by organization_id, api_key_id
      on conflict (organization_id, api_key_id) do update set
        window_start = case when w.window_start between excluded.window_start and excluded.window_start + interval '60 s'
          then w.window_start else excluded.window_start end,
        hits = case when w.window_start between excluded.window_start and excluded.window_start + interval '60 s'
          then w.hits + excluded.hits else excluded.hits end
      returning w.organization_id, w.api_key_id, w.hits, w.window_start
    )
    select encode(f.key_hash, 'hex') as key_hash, f.api_key_id, f.key_name, f.scopes, f.is_key_disabled,
      f.organization_id, f.organization_name, f.is_organization_disabled,
      (select coalesce(sum(v.version), 0)::text from organization_versions v
        where v.organization_id = f.organization_id) as data_version,
      c.hits, extract(epoch from c.window_start + interval '60 s')::bigint::text as window_ends_at
    from found f
    left join counted c on c.organization_id = f.organization_id and c.api_key_id = f.api_key_id
  `.execute(deps.db);
  return rows;
}
