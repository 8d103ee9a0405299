import { isIP } from 'node:net';
import { databaseUrl, host, integer, listOf, matching, oneOf, type Parsed, text, url } from './kinds.ts';
import { sourceNames } from './source-variables.ts';

/** One TALLYLINE_* variable: how it is read, and what docs/configuration.md says of it. */
export interface Variable<T> {
  name: string;
  parse: (raw: string) => Parsed<T>;
  fallback: T;
  /** The fallback in words, where its value does not speak for itself. */
  fallbackNote?: string;
  meaning: string;
  isSecret?: boolean;
}

const define = <T>(variable: Variable<T>): Variable<T> => variable;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

function proxyAddress(raw: string): Parsed<string> {
  const [address = '', bits, ...rest] = raw.split('/');
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const isMaskValid = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest);
  const isValid = version !== 0 && isMaskValid && rest.length === 0;
  return isValid ? { ok: true, value: raw } : { ok: false, fix: 'use IP addresses or ranges such as 10.0.0.0/8' };
}

export const variables = {
  host: define({
    name: 'TALLYLINE_HOST',
    parse: host,
    fallback: '127.0.0.1',
    meaning: 'Address the server listens on. `0.0.0.0` opens it to the network: put TLS in front.',
  }),
  port: define({
    name: 'TALLYLINE_PORT',
    parse: integer(0, 65_535),
    fallback: 8787,
    meaning: 'Port the server listens on; 0 takes any free one.',
  }),
  dataDir: define({
    name: 'TALLYLINE_DATA_DIR',
    parse: text,
    fallback: './data',
    meaning: 'Where the embedded database lives, relative to the current folder.',
  }),
  databaseUrl: define<string | null>({
    name: 'TALLYLINE_DATABASE_URL',
    parse: databaseUrl,
    fallback: null,
    fallbackNote: 'the embedded Postgres in the data directory',
    meaning: 'A Postgres 15 to 18 to use instead of the embedded one; its database must be UTF8.',
    isSecret: true,
  }),
  databasePoolSize: define({
    name: 'TALLYLINE_DATABASE_POOL_SIZE',
    parse: integer(2, 200),
    fallback: 24,
    meaning: 'Database connections of one process, at most.',
  }),
  databasePrepare: define<string>({
    name: 'TALLYLINE_DATABASE_PREPARE',
    parse: oneOf(['on', 'off']),
    fallback: 'on',
    meaning: 'Prepared statements; `off` behind a PgBouncer older than 1.21 in transaction mode.',
  }),
  bootstrapKey: define<string | null>({
    name: 'TALLYLINE_BOOTSTRAP_KEY',
    parse: matching(/^tga_[0-9a-f]{64}$/, 'use tga_ and 64 lower-case hexadecimal digits (openssl rand -hex 32)'),
    fallback: null,
    fallbackNote: 'generated on the first start and printed once',
    meaning: 'A key of the organization "Default". Added at start if it is not there; never printed, never removed.',
    isSecret: true,
  }),
  sources: define<string[]>({
    name: 'TALLYLINE_SOURCES',
    parse: listOf(oneOf(sourceNames)),
    fallback: ['sandbox'],
    meaning: `Where numbers come from, best first: ${sourceNames.map((name) => `\`${name}\``).join(', ')}.`,
  }),
  rateLimit: define({
    name: 'TALLYLINE_RATE_LIMIT',
    parse: integer(1, 1_000_000_000),
    fallback: 600,
    meaning: 'Requests to `/v2` per key and 60 s.',
  }),
  rateLimitV1: define({
    name: 'TALLYLINE_RATE_LIMIT_V1',
    parse: integer(1, 1_000_000_000),
    fallback: 60,
    meaning: 'Requests to `/api/v1` per key and 60 s.',
  }),
  addressRateLimit: define({
    name: 'TALLYLINE_ADDRESS_RATE_LIMIT',
    parse: integer(1, 1_000_000_000),
    fallback: 60,
    meaning: 'Requests without a valid key per client address and 60 s.',
  }),
  trustedProxies: define<string[]>({
    name: 'TALLYLINE_TRUSTED_PROXIES',
    parse: listOf(proxyAddress),
    fallback: [],
    fallbackNote: 'none',
    meaning: 'Addresses or ranges of proxies whose `X-Forwarded-*` headers are believed.',
  }),
  publicUrl: define<string | null>({
    name: 'TALLYLINE_PUBLIC_URL',
    parse: url(['http:', 'https:'], 'https://tallyline.example.com'),
    fallback: null,
    fallbackNote: 'taken from the request',
    meaning: 'The address clients use, for absolute links.',
  }),
  logLevel: define<(typeof logLevels)[number]>({
    name: 'TALLYLINE_LOG_LEVEL',
    parse: oneOf(logLevels),
    fallback: 'info',
    meaning: `How much is logged to stderr: ${logLevels.join(', ')}.`,
  }),
  deletedRetentionDays: define({
    name: 'TALLYLINE_DELETED_RETENTION_DAYS',
    parse: integer(0, 3650),
    fallback: 30,
    meaning: 'Days the history of a deleted account is kept; adding it again within them revives it.',
  }),
  refusedRetentionDays: define({
    name: 'TALLYLINE_REFUSED_RETENTION_DAYS',
    parse: integer(1, 3650),
    fallback: 90,
    meaning:
      'Days that refused readings are kept for `tallyline refused list`; falls at another source are kept for 90 at least, since later ones are judged by them.',
  }),
  answerCacheMb: define({
    name: 'TALLYLINE_ANSWER_CACHE_MB',
    parse: integer(0, 4096),
    fallback: 32,
    meaning: 'Memory for answers that have not changed since they were built, in MB; 0 builds every answer anew.',
  }),
  collectorConcurrency: define({
    name: 'TALLYLINE_COLLECTOR_CONCURRENCY',
    parse: integer(1, 64),
    fallback: 16,
    meaning: 'Refreshes one collector runs at the same time.',
  }),
  maxPagesPerRefresh: define({
    name: 'TALLYLINE_MAX_PAGES_PER_REFRESH',
    parse: integer(1, 1000),
    fallback: 100,
    meaning: 'Pages of posts one refresh asks a source for, at most.',
  }),
};
