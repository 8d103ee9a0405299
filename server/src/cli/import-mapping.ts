import { readFile } from 'node:fs/promises';
import type { Mapping } from '../collector/import/mapping.ts';
import { invalid } from '../contract/problem.ts';

export interface MappingOptions {
  map: string[];
  handle: string[];
  dates?: string;
}

/** `--map` names a column (`read_at=DATE`), a value for all lines (`platform==tiktok`), or a JSON file with all of it. */
export async function mappingOf({ map, handle, dates }: MappingOptions): Promise<Mapping> {
  const mapping: Mapping = { columns: {}, values: {}, dates: 'yyyy-mm-dd', handles: {} };
  for (const text of map) {
    if (text.endsWith('.json') && !text.includes('=')) {
      addFile(mapping, await readMapping(text), text);
      continue;
    }
    const [, field, isValue, value] = /^([^=]+)=(=?)(.*)$/s.exec(text) ?? [];
    if (field === undefined || value === undefined || value === '') {
      throw invalid([{ field: 'map', message: `must be FIELD=COLUMN, FIELD==VALUE or a .json file, not ${text}` }]);
    }
    Object.assign(isValue === '=' ? mapping.values : mapping.columns, { [field.trim()]: value });
  }
  for (const text of handle) {
    const [, name, to] = /^(.+)=([^=]+)$/s.exec(text) ?? [];
    if (name === undefined || to === undefined) {
      throw invalid([{ field: 'handle', message: `must be NAME=HANDLE, not ${text}` }]);
    }
    mapping.handles[name.trim()] = to.trim();
  }
  if (dates !== undefined) mapping.dates = dates;
  return mapping;
}

async function readMapping(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw invalid([{ field: 'map', message: `${path} is no JSON file: ${(error as Error).message}` }]);
  }
  throw invalid([{ field: 'map', message: `${path} must hold one JSON object` }]);
}

function addFile(mapping: Mapping, file: Record<string, unknown>, path: string): void {
  for (const [name, value] of Object.entries(file)) {
    if (name === 'dates' && typeof value === 'string') mapping.dates = value;
    else if ((name === 'columns' || name === 'values' || name === 'handles') && isTexts(value)) {
      Object.assign(mapping[name], value);
    } else {
      const message = `${path} must have columns, values and handles (objects of texts) and dates (a text), not ${name}`;
      throw invalid([{ field: 'map', message }]);
    }
  }
}

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
