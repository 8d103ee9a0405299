import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { humanLog } from './human-log.ts';

// Secrets that reach a log line by accident: headers, keys and tokens of requests, settings and vendors' answers.
const redactPaths = [
  'apiKey',
  'authorization',
  'bootstrapKey',
  'databaseUrl',
  'key',
  'password',
  'secret',
  'token',
  '*.apiKey',
  '*.authorization',
  '*.bootstrapKey',
  '*.databaseUrl',
  '*.key',
  '*.password',
  '*.secret',
  '*.token',
  'connection.connectionString',
  'err.config',
  'req.headers.authorization',
  'req.headers.cookie',
  'headers["x-api-key"]',
];

/** Logs go to stderr: lines for a person in a terminal, JSON elsewhere. stdout is kept for results. */
export function createLogger(level: Config['logLevel'], destination: DestinationStream = standardError()): Logger {
  return pino({ level, redact: { paths: redactPaths, censor: '[redacted]' }, base: { pid: process.pid } }, destination);
}

function standardError(): DestinationStream {
  return process.stderr.isTTY ? humanLog(process.stderr) : pino.destination({ dest: 2, sync: false });
}
