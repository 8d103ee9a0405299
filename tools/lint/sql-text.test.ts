import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { sqlText } from './sql-text.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const at = (path: string, code: string) => ({ filename: `/repo/server/src/${path}`, code });
const inService = (code: string) => at('services/accounts/get-account.ts', code);
const bad = (code: string, message: RegExp) => ({ ...inService(code), errors: [{ message }] });
const raw = (code: string) => bad(code, /fixes/);

new RuleTester({ languageOptions: { sourceType: 'module', parserOptions: { lang: 'ts' } } }).run('sql-text', sqlText, {
  valid: [
    inService('const a = sql`select * from t where at < ${ctx.clock.now()} and known_now = 1`;'),
    at('services/health/check-health.ts', 'const a = sql`clock_timestamp() - interval`;'),
    at('collector/schedule.ts', 'const a = sql`select now()`;'),
    inService('const a = (b) => sql.raw("a.b");'),
    inService('import { names } from "./names.ts"; const a = sql.raw(names.map((n) => `sum(${n})`).join());'),
    inService('const of = (table: string) => `from ${table}`; const a = () => sql.raw(of("accounts"));'),
    inService('const signed = (sign: 1 | -1) => sql.raw(`${sign} * a`);'),
    inService('const f = () => { const text = ["a"].join(); return sql.raw(text); };'),
    inService('const pattern = String.raw`\\d`;'),
  ],
  invalid: [
    bad('const a = sql`select now()`;', /now\(/),
    bad('const a = sql`select * from t where d < CURRENT_DATE`;', /current_date/),
    bad('const a = sql<Date>`select clock_timestamp ( )`;', /clock_timestamp/),
    bad('const a = sql`select * from t order by random()`;', /random/),
    bad(`const a = sql\`select 'now'::timestamptz\`;`, /'now'/),
    bad('const text = "select localtimestamp";', /localtimestamp/),
    bad('const a = db.select((eb) => eb.fn("now"));', /now/),
    bad('const a = db.select(({ fn }) => fn<Date>("clock_timestamp", []));', /clock_timestamp/),
    { ...at('services/health/check-health.ts', 'const a = sql`now()`;'), errors: [{ message: /now/ }] },
    raw('const f = (input) => sql.raw(input.order);'),
    raw('const f = (order: string) => sql.raw(`order by ${order}`);'),
    raw('const f = (order: string) => { const text = "by " + order; return sql.raw(text); };'),
    raw('const f = (input) => { const text = () => input.a; return sql.raw(text()); };'),
    raw('const f = (input) => sql.raw(input.names.map((n) => n).join());'),
    raw('let text = "a"; const f = () => sql.raw(text);'),
    raw('const make = sql.raw;'),
    raw('const { raw } = sql;'),
  ],
});
