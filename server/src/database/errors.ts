/** The database can't be used, and the message says why and what to do. Meant for a person, without a stack. */
export class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError';
}

const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '58000', // system_error
]);

// pg gives these without a code.
const UNAVAILABLE_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Cannot use a pool after calling end on the pool',
];

/** True when the server can't be reached or is going down: the same request may succeed in a few seconds. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = errorCode(error);
  // A Unix socket is missing while its server starts again; a missing file is another matter.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  if (code !== null && (UNAVAILABLE_CODES.has(code) || code.startsWith('08'))) return true;
  return UNAVAILABLE_MESSAGES.some((message) => error.message.startsWith(message));
}

/** SQLSTATE or errno name of an error, if it has one. */
export function errorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
