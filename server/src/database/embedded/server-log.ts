import { closeSync, copyFileSync, openSync, readSync, fstatSync, truncateSync, statSync } from 'node:fs';

const MAX_LOG_BYTES = 8 * 1024 * 1024;

export function openServerLog(path: string): number {
  boundServerLog(path);
  return openSync(path, 'a', 0o600);
}

/** Keeps one older file. Copied and cut, since the server goes on writing into the open file (in append mode). */
export function boundServerLog(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= MAX_LOG_BYTES) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
}

export function serverLogSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was logged after `fromByte`, at most the last 4 KiB. */
export function readServerLog(path: string, fromByte: number): string {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const start = Math.max(Math.min(fromByte, size), size - 4096);
    const buffer = Buffer.alloc(size - start);
    readSync(file, buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trim();
  } finally {
    closeSync(file);
  }
}
