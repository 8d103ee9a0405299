import { StringDecoder } from 'node:string_decoder';
import { parseJson } from '../../sources/json.ts';
import { fields } from './fields.ts';
import type { Mapping } from './mapping.ts';
import type { Cell } from './parse-row.ts';
import type { RowSink } from './read-rows.ts';

const longestLine = 4_000_000;

/** Reads a file of one JSON object per line. Members that are missing are unknown. */
export async function readNdjson(content: AsyncIterable<Uint8Array>, mapping: Mapping, sink: RowSink): Promise<void> {
  const columns = [...new Set([...fields, ...Object.values(mapping.columns)])].filter((name) => name !== '*');
  sink.onHeader(columns);
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let line = 0;
  const take = (text: string): void => {
    line += 1;
    const trimmed = line === 1 ? text.replace(/^\uFEFF/, '').trim() : text.trim();
    if (trimmed !== '') readLine(trimmed, line, columns, sink);
  };
  for await (const chunk of content) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
    if (rest.length > longestLine) throw new Error(`line ${line + 1} is longer than ${longestLine} characters`);
    await sink.afterChunk(chunk.length);
  }
  rest += decoder.end();
  if (rest !== '') take(rest);
}

function readLine(text: string, line: number, columns: readonly string[], sink: RowSink): void {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    return sink.onUnreadable(line, error instanceof Error ? error.message : 'is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return sink.onUnreadable(line, 'must be a JSON object');
  }
  const object = value as Record<string, Cell>;
  sink.onRow(
    columns.map((name) => (Object.hasOwn(object, name) ? object[name] : null)),
    line,
  );
}
