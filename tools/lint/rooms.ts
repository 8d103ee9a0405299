import { isBuiltin } from 'node:module';

/**
 * The rooms of server/src and what each may import from the others (ARCHITECTURE.md, "Rooms"). A room may always
 * import itself, and every room the words of sources/source.ts, how Instagram writes ids, the sandbox's fault rules (a
 * variable holds them) and the clock.
 */
export const allowedImports: Record<string, readonly string[]> = {
  contract: [],
  metrics: [],
  database: [],
  sources: [],
  services: ['contract', 'metrics', 'database'],
  collector: ['services', 'contract', 'metrics', 'database', 'sources', 'config'],
  http: ['services', 'contract', 'metrics', 'database', 'config'],
  cli: ['http', 'collector', 'services', 'contract', 'metrics', 'database', 'sources', 'config'],
  config: [],
  clock: [],
};

/** The rooms that may use a package, its subpaths and types included. A package that is not listed may be used nowhere. */
export const packageRooms: Record<string, readonly string[]> = {
  '@fastify/swagger': ['http'],
  '@fastify/swagger-ui': ['http'],
  ajv: ['http'],
  'ajv-formats': ['http'],
  'cli-progress': ['cli'],
  cockatiel: ['sources'],
  commander: ['cli'],
  'csv-parse': ['collector'],
  'csv-stringify': ['cli'],
  'fast-json-stringify': ['http'],
  fastify: ['http'],
  'graphile-worker': ['database', 'collector'],
  kysely: ['database', 'services', 'collector', 'http', 'cli'],
  'lru-cache': ['database', 'http'],
  'p-queue': ['collector'],
  pg: ['database', 'services', 'collector', 'cli'],
  'pg-copy-streams': ['collector'],
  pino: ['database', 'services', 'collector', 'sources', 'http', 'cli'],
  'rate-limiter-flexible': ['http'],
  'temporal-polyfill': ['metrics', 'services'],
  typebox: ['contract', 'http'],
  undici: ['sources'],
  uuidv7: ['database'],
};

/** Rooms of pure functions: no module of Node either. */
export const pureRooms: readonly string[] = ['contract', 'metrics'];

const sharedFiles = ['sources/source.ts', 'sources/instagram-ids.ts', 'sources/sandbox/fault-rules.ts', 'clock.ts'];

export interface Place {
  room: string;
  /** Path inside server/src. */
  path: string;
}

/** Where a file lives in server/src; null for tests and for files outside. */
export function placeOf(filename: string): Place | null {
  const path = filename.replaceAll('\\', '/').split('server/src/').at(-1);
  if (path === undefined || !filename.includes('server/src/') || path.includes('.test.')) return null;
  const [first = ''] = path.split('/');
  return { room: first.replace(/\.ts$/, ''), path };
}

/** Why `from` may not import `specifier`, or null when it may. */
export function importProblem(from: Place, specifier: string): string | null {
  if (!specifier.startsWith('.')) return packageProblem(from.room, specifier);
  const target = new URL(specifier, `file:///server/src/${from.path}`).pathname;
  if (!target.startsWith('/server/src/')) return `server/src may not import ${target.slice(1)}`;
  const path = target.slice('/server/src/'.length);
  const room = (path.split('/')[0] ?? '').replace(/\.ts$/, '');
  if (room === from.room || sharedFiles.includes(path)) return null;
  const allowed = allowedImports[from.room];
  if (allowed === undefined) return `server/src/${from.room} is not a room; add it to tools/lint/rooms.ts`;
  return allowed.includes(room)
    ? null
    : `${from.room} may not import ${room}: imports point downwards (ARCHITECTURE.md)`;
}

function packageProblem(room: string, specifier: string): string | null {
  if (isBuiltin(specifier)) return pureRooms.includes(room) ? `${room} is pure: it may not use ${specifier}` : null;
  const name = packageName(specifier);
  const rooms = packageRooms[name];
  if (rooms === undefined) return `no room may use ${name}: list it in tools/lint/rooms.ts with the rooms that need it`;
  return rooms.includes(room) ? null : `${room} may not use ${name}: only ${rooms.join(', ')}`;
}

/** `@fastify/swagger` of `@fastify/swagger/types.js`. */
function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
