import { finished } from 'node:stream/promises';
import { type CsvError, Parser } from 'csv-parse';
import { invalid } from '../../contract/problem.ts';
import type { RowSink } from './read-rows.ts';

const newline = 0x0a;
const longestHeader = 1_000_000;
const longestRecord = 4_000_000;
const unclosed = 'a quote that is opened there is never closed';
const delimiters = [',', ';', '\t'];

/** Reads a CSV file piece by piece. Its first line names the columns; commas, semicolons or tabs are told apart by it. */
export async function readCsv(content: AsyncIterable<Uint8Array>, sink: RowSink): Promise<void> {
  let parser: Parser | null = null;
  let start = Buffer.alloc(0);
  for await (const chunk of content) {
    if (parser === null) {
      start = Buffer.concat([start, chunk]);
      if (!start.includes(newline) && start.length < longestHeader) continue;
      parser = csvParser(start, sink);
      feed(parser, start);
    } else {
      feed(parser, chunk);
    }
    await sink.afterChunk(chunk.length);
  }
  if (parser === null) {
    if (start.length === 0) throw invalid([{ field: 'file', message: 'is empty' }]);
    parser = csvParser(start, sink);
    feed(parser, start);
  }
  parser.end();
  await finished(parser);
}

/** Parsed before this returns: records go to the sink, and none waits in the stream. */
function feed(parser: Parser, chunk: Uint8Array): void {
  parser.write(chunk);
  if (parser.errored !== null) throw parser.errored;
}

function csvParser(start: Buffer, sink: RowSink): Parser {
  if (start[0] === 0xff || start[0] === 0xfe) {
    throw invalid([{ field: 'file', message: 'is not UTF-8 text; save it as CSV in UTF-8' }]);
  }
  let isHeader = true;
  let lastLine = 0;
  const parser = new Parser({
    bom: true,
    delimiter: delimiterOf(start),
    relax_column_count: true,
    skip_empty_lines: true,
    // Captions have quotes in them that not every program doubles.
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: longestRecord,
    on_record: (row: string[], { lines }) => {
      if (isHeader) sink.onHeader(row);
      else sink.onRow(row, lines, lines - lastLine);
      isHeader = false;
      lastLine = lines;
      return null;
    },
    // What is left that can't be read is a quote without an end: whatever is behind it is lost with it.
    on_skip: (error: CsvError | undefined) => {
      const said =
        error?.code === 'CSV_QUOTE_NOT_CLOSED' || error?.code === 'CSV_MAX_RECORD_SIZE' ? unclosed : error?.message;
      throw invalid([{ field: 'file', message: `can't be read after line ${lastLine}: ${said ?? 'it is no CSV'}` }]);
    },
  });
  // It is asked for its error after every piece.
  return parser.on('error', () => undefined).resume();
}

function delimiterOf(start: Buffer): string {
  const [header = ''] = start.toString('utf8').split('\n', 1);
  const counts = delimiters.map((delimiter) => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
