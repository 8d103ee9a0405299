import { fields, text } from '../fields.ts';
import { failed, type FailureCode } from '../outcome.ts';
import type { Failure } from '../source.ts';

/** Actors put what went wrong into the dataset, as an item. `empty`: there is nothing to show, for whatever reason. */
export type ItemError = { code: FailureCode | 'empty'; said: string };

const byError: Record<string, ItemError['code']> = {
  no_items: 'empty',
  not_found: 'not_found',
};

/** An actor that cannot tell a missing profile from a private one says so of both: that is not private yet. */
const bySaid: readonly (readonly [RegExp, ItemError['code']])[] = [
  [/not.?found|does not exist|doesn't exist|unavailable|no such/i, 'not_found'],
  [/no (?:posts|videos|items)|empty|without (?:posts|videos)/i, 'empty'],
  [/private/i, 'private'],
  [/restricted|age.?gated/i, 'restricted'],
  [/captcha|challenge/i, 'challenge'],
  [/blocked|log ?in|rate.?limit/i, 'blocked'],
];

/** null: the item is none of an error. */
export function itemError(item: unknown): ItemError | null {
  const found = fields(item);
  const error = text(found?.error) ?? text(found?.errorCode);
  if (found === null || error === null) return null;
  const said = [error, text(found.errorDescription) ?? text(found.errorMessage)].filter((part) => part !== null);
  const all = said.join(': ').slice(0, 300);
  const code = byError[error] ?? bySaid.find(([pattern]) => pattern.test(all))?.[1] ?? 'transient';
  return { code, said: all };
}

/** What a dataset says that holds nothing but an error; null where there is data. No item at all is an error without words. */
export function datasetError(items: readonly unknown[]): ItemError | null {
  const errors = items.map(itemError);
  if (errors.length === 0) return { code: 'empty', said: 'an empty dataset' };
  return errors.includes(null) ? null : (errors[0] ?? null);
}

/** `whenEmpty`: what an answer without anything means to the one who asked. */
export function toFailure(
  { code, said }: ItemError,
  what: string,
  whenEmpty: FailureCode,
): { ok: false; failure: Failure } {
  return failed(code === 'empty' ? whenEmpty : code, `${what}: ${said}`);
}

/** What is missing was a post. */
export const asRemoved = (error: ItemError): ItemError =>
  error.code === 'not_found' ? { ...error, code: 'removed_post' } : error;
