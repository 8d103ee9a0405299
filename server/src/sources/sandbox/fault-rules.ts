import { fields, list } from '../fields.ts';

export const faultKinds = [
  'rate_limited',
  'server_error',
  'bad_key',
  'no_credits',
  'timeout',
  'dropped_connection',
  'truncated_json',
  'malformed_json',
  'login_wall',
  'login_redirect',
  'wrong_schema',
  'empty_list',
  'zero_followers',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What goes wrong, for whom and how often. Left out = no restriction. */
export interface FaultRule {
  kind: FaultKind;
  handle?: string;
  /** The beginning of a path. */
  path?: string;
  /** Of the requests it applies to; drawn from the seed. */
  probability?: number;
  /** Ends after so many faults. */
  count?: number;
  /** Of `rate_limited`; 30 when left out, none when null. */
  retryAfterSeconds?: number | null;
}

/** Rules from JSON text, or null when it is not a list of rules. */
export function parseFaultRules(text: string): FaultRule[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const rules = list(json)?.map(readRule);
  return rules === undefined || rules.includes(null) ? null : rules.filter((rule) => rule !== null);
}

function readRule(value: unknown): FaultRule | null {
  const rule = fields(value);
  const kind = faultKinds.find((known) => known === rule?.kind);
  if (rule === null || kind === undefined) return null;
  return {
    kind,
    ...(typeof rule.handle === 'string' && { handle: rule.handle }),
    ...(typeof rule.path === 'string' && { path: rule.path }),
    ...(typeof rule.probability === 'number' && { probability: rule.probability }),
    ...(typeof rule.count === 'number' && { count: rule.count }),
    ...((typeof rule.retryAfterSeconds === 'number' || rule.retryAfterSeconds === null) && {
      retryAfterSeconds: rule.retryAfterSeconds,
    }),
  };
}
