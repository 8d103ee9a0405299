import type { FileReading, RowProblem } from './fields.ts';
import { layoutOf, type Mapping } from './mapping.ts';
import { type Row, type RowParser, rowParser } from './parse-row.ts';
import { readCsv } from './read-csv.ts';
import { readNdjson } from './read-ndjson.ts';

export type FileFormat = 'csv' | 'ndjson';

/** What readers of a format hand over. */
export interface RowSink {
  onHeader: (columns: readonly string[]) => void;
  /** `lines`: how many lines of the file it is. */
  onRow: (row: Row, line: number, lines?: number) => void;
  onUnreadable: (line: number, message: string) => void;
  /** A piece of the file, so many bytes, is done. */
  afterChunk: (bytes: number) => Promise<void>;
}

export interface ReadRows {
  content: AsyncIterable<Uint8Array>;
  format: FileFormat;
  mapping: Mapping;
  /** Nothing can have been read later. */
  now: Date;
  onReading: (reading: FileReading) => void;
  onProblem: (problem: RowProblem) => void;
  afterChunk: (bytes: number) => Promise<void>;
}

export interface RowCounts {
  rows: number;
  /** Without any number: nothing was read. */
  empty: number;
  bad: number;
  /** Columns that nothing was made of. */
  unused: string[];
}

/** Reads a file in bounded memory: every line becomes readings or problems. */
export async function readRows({ content, format, mapping, now, onReading, onProblem, afterChunk }: ReadRows) {
  const counts: RowCounts = { rows: 0, empty: 0, bad: 0, unused: [] };
  let parse: RowParser | null = null;
  let width = 0;
  const fail = (problems: readonly RowProblem[]): void => {
    counts.bad += 1;
    problems.forEach(onProblem);
  };
  const sink: RowSink = {
    onHeader: (columns) => {
      const layout = layoutOf(columns, mapping);
      parse = rowParser(layout, mapping, now);
      width = layout.width;
      counts.unused = format === 'csv' ? layout.unused : [];
    },
    onRow: (row, line, lines = 1) => {
      counts.rows += 1;
      if (row.length !== width) {
        const many = lines > 1 ? ` (the row is ${lines} lines long: is a quote missing?)` : '';
        const message = `has ${row.length} cells where the header has ${width}; put cells with a separator in them in quotes${many}`;
        return fail([{ line, field: '', value: '', message }]);
      }
      const { readings, problems } = parse?.(row, line) ?? { readings: [], problems: [] };
      readings.forEach(onReading);
      if (problems.length > 0) fail(problems);
      else if (readings.length === 0) counts.empty += 1;
    },
    onUnreadable: (line, message) => {
      counts.rows += 1;
      fail([{ line, field: '', value: '', message }]);
    },
    afterChunk,
  };
  if (format === 'csv') await readCsv(content, sink);
  else await readNdjson(content, mapping, sink);
  return counts;
}
