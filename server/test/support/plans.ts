import { Kysely, type LogEvent, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Database } from '../../src/database/tables.ts';

export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Total Cost': number;
  'Plan Rows': number;
  /** With `analyze` only. */
  'Actual Loops'?: number;
  'Actual Rows'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)];

/** The same pool, and the plan nodes of every query that a piece of work sends through it. */
export function watchPlans(pool: pg.Pool): {
  db: Kysely<Database>;
  plansOf(work: () => Promise<unknown>, options?: 'analyze'): Promise<PlanNode[][]>;
} {
  let queries: { sql: string; parameters: readonly unknown[] }[] = [];
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }: LogEvent) => {
      queries.push({ sql: query.sql, parameters: query.parameters });
    },
  });
  return {
    db,
    async plansOf(work, options) {
      queries = [];
      await work();
      const sent = queries;
      const plans: PlanNode[][] = [];
      for (const query of sent) {
        const explain = `explain (${options === undefined ? '' : 'analyze, '}format json) ${query.sql}`;
        const { rows } = await pool.query(explain, [...query.parameters]);
        plans.push(flat(rows[0]['QUERY PLAN'][0].Plan));
      }
      return plans;
    },
  };
}
