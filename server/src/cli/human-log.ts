import type { DestinationStream } from 'pino';

const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const hidden = new Set(['level', 'time', 'pid', 'msg', 'err', 'name', 'hostname']);

/** Turns pino's JSON lines into `12:00:01 info  message  key=value`. */
export function humanLog(stream: { write(text: string): unknown }): DestinationStream {
  return {
    write(line) {
      stream.write(`${humanLine(line)}\n`);
    },
  };
}

export function humanLine(json: string): string {
  const entry = JSON.parse(json) as Record<string, unknown> & { level: number; time: number; msg?: string };
  const time = new Date(entry.time).toISOString().slice(11, 19);
  const details = Object.entries(entry)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [time, (levels[entry.level] ?? '').padEnd(5), entry.msg ?? '', ...details].join(' ') + errorText(entry.err);
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { message, stack } = error as { message?: string; stack?: string };
  return `\n${stack ?? message ?? ''}`;
}
