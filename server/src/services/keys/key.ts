import type { Selectable } from 'kysely';
import type { ApiKeysTable } from '../../database/tables.ts';

/** A key as people see it: never the secret. */
export interface Key {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  disabledAt: Date | null;
}

export const keyColumns = ['api_key_id', 'name', 'prefix', 'scopes', 'created_at', 'disabled_at'] as const;

export function toKey(row: Pick<Selectable<ApiKeysTable>, (typeof keyColumns)[number]>): Key {
  return {
    id: row.api_key_id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}
