import type { FaultRule } from './fault-rules.ts';
import { hashText, mix } from './random.ts';

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
