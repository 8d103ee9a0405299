import { type Fields, fields } from '../fields.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import type { Result } from '../source.ts';

interface Sought {
  /** The names it goes by. */
  keys: readonly string[];
  /** The outcome when the platform says that there is nothing. */
  gone: FailureCode;
  /** For operators: what was asked for, and where. */
  what: string;
}

/**
 * What an answer is about. The platform says that it is gone with null or {} under its key; a key that is missing, or that holds
 * anything else, is a payload that changed and says nothing of the profile or post.
 */
export function findObject(answer: Fields, { keys, gone, what }: Sought): Result<Fields> {
  const key = keys.find((name) => fields(answer[name]) !== null) ?? keys.find((name) => name in answer);
  if (key === undefined) return failed('upstream_changed', `${what}: no ${keys[0]}`);
  if (answer[key] === null) return failed(gone, `${what}: ${key} is null`);
  const found = fields(answer[key]);
  if (found === null) return failed('upstream_changed', `${what}: ${key} is no object`);
  return Object.keys(found).length === 0 ? failed(gone, `${what}: ${key} is empty`) : ok(found);
}
