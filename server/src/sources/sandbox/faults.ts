import { list, fields } from '../fields.ts';
import { hashText, mix } from './random.ts';

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

export interface Faults {
  /** Replaces all rules. */
  set(rules: readonly FaultRule[]): void;
  /** The first rule that strikes this request. */
  strike(request: { path: string; handle: string }): FaultRule | null;
}

export function createFaults(seed: string): Faults {
  const faultSeed = hashText(seed, 0xfa17);
  let active: { rule: FaultRule; asked: number; left: number }[] = [];
  return {
    set(rules) {
      active = rules.map((rule) => ({ rule, asked: 0, left: rule.count ?? Number.POSITIVE_INFINITY }));
    },
    strike({ path, handle }) {
      for (const [index, entry] of active.entries()) {
        const { rule } = entry;
        if (entry.left === 0 || (rule.handle !== undefined && rule.handle !== handle)) continue;
        if (rule.path !== undefined && !path.startsWith(rule.path)) continue;
        entry.asked += 1;
        if (mix(mix(faultSeed, index), entry.asked) / 4294967296 >= (rule.probability ?? 1)) continue;
        entry.left -= 1;
        return rule;
      }
      return null;
    },
  };
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
