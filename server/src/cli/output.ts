import { describeFailure } from './failures.ts';

/** Results go to stdout and nothing else does; progress, logs and errors go to stderr. */
export interface Output {
  json: boolean;
  /** The result: as JSON on one line, or as lines for a person. */
  result(value: unknown, lines: readonly string[]): void;
  /** What can't wait for the result: beside the JSON, on stderr. */
  early(line: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result(value, lines) {
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));
    },
    early(line) {
      (json ? process.stderr : process.stdout).write(`${line}\n`);
    },
  };
}

/** Reports an error on stderr and sets the exit code. */
export function reportFailure(error: unknown, json: boolean): void {
  const { exitCode, lines } = describeFailure(error);
  process.exitCode = exitCode;
  if (lines.length === 0) return;
  const text = json ? JSON.stringify({ error: lines.map((line) => line.trim()).join(' ') }) : lines.join('\n');
  process.stderr.write(`${text}\n`);
}

/** Columns as wide as their longest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
