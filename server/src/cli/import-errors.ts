import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import type { RowProblem } from '../collector/import/fields.ts';

const header = 'line,field,value,problem\n';
const shownFirst = 1;

/** The rows that are bad, one line for each field. The file is made when there is one. */
export class ErrorFile {
  readonly path: string;
  readonly first: RowProblem[] = [];
  #stream: WriteStream | null = null;
  #error: Error | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** For spreadsheets: what comes from the file never becomes a formula. */
  readonly add = (problem: RowProblem): void => {
    if (this.first.length < shownFirst) this.first.push(problem);
    if (this.#stream === null) {
      this.#stream = createWriteStream(this.path).on('error', (error) => {
        this.#error ??= error;
      });
      this.#stream.write(header);
    }
    const { line, field, value, message } = problem;
    this.#stream.write(stringify([[line, field, value, message]], { escape_formulas: true }));
  };

  /** Waits while the disk has more to write than it can: a file may have millions of bad rows. */
  async flush(): Promise<void> {
    if (this.#error !== null) throw this.#error;
    const stream = this.#stream;
    if (stream?.writableNeedDrain !== true) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done).off('close', done);
        resolve();
      };
      stream.on('drain', done).on('close', done);
    });
  }

  async close(): Promise<void> {
    if (this.#stream === null) return;
    this.#stream.end();
    await finished(this.#stream).catch(() => undefined);
    if (this.#error !== null) throw this.#error;
  }
}
