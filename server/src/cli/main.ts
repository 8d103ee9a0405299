import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../http/version.ts';
import type { DemoOptions } from './commands/demo.ts';
import type { ImportOptions } from './commands/import.ts';
import type { LimitOptions } from './commands/orgs.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { RefusedOptions } from './commands/refused.ts';
import { createOutput, type Output, reportFailure } from './output.ts';

// Commands are loaded when they are run: starting the server must not wait for the others.

const jsonOption = (): Option => new Option('--json', 'print the result as JSON');
const orgOption = (): Option => new Option('--org <id or name>', 'organization').default('Default');

function createProgram(argv: readonly string[]): Command {
  const output = createOutput(argv.includes('--json'));
  const program = new Command('tallyline')
    .description('Tallyline counts what creators’ public posts earn, over time')
    .version(output.json ? JSON.stringify({ version }) : version, '-V, --version', 'print the version')
    .addOption(jsonOption())
    .exitOverride()
    // Errors are reported like all others. Help that nobody asked for is left out of JSON.
    .configureOutput({ outputError: () => undefined, ...(output.json && { writeErr: () => undefined }) });
  addServices(program, output);
  addTenants(program, output);
  addImport(program, output);
  addUpkeep(program, output);
  addPlan(program, output);
  addRefused(program, output);
  return program;
}

function addServices(program: Command, output: Output): void {
  const services = {
    serve: 'run API and collector (what npm start does)',
    api: 'run the API alone',
    collector: 'run a collector alone',
  } as const;
  for (const [command, description] of Object.entries(services) as [keyof typeof services, string][]) {
    add(program, command, description).action(async () =>
      (await import('./commands/serve.ts')).serve({ command }, output),
    );
  }
}

function addTenants(program: Command, output: Output): void {
  const orgs = group(program, 'orgs', 'organizations');
  add(orgs, 'create', 'make an organization with a first key')
    .requiredOption('--name <name>', 'its name')
    .action(async (options: { name: string }) => (await import('./commands/orgs.ts')).createOrg(options, output));

  add(orgs, 'set', 'change what an organization may do')
    .addOption(orgOption())
    .option('--account-quota <number or none>', 'how many accounts it may track', limit(0, 2 ** 31 - 1))
    .option(
      '--max-recent-posts <number or none>',
      'latest posts to hold of an account without an own limit',
      limit(1, 5000),
    )
    .option(
      '--post-lookback-days <number or none>',
      'oldest posts to hold of an account without an own limit',
      limit(1, 3650),
    )
    .action(async (options: LimitOptions) => (await import('./commands/orgs.ts')).setOrg(options, output));

  const keys = group(program, 'keys', 'API keys');
  add(keys, 'create', 'make a key; its secret is shown only this once')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scopes <list>', 'of read, write, admin, separated by commas (default: all)', (list) => list.split(','))
    .addOption(orgOption())
    .action(async (options) => (await import('./commands/keys.ts')).createKeyCommand(options, output));
  add(keys, 'list', 'list the keys of an organization')
    .addOption(orgOption())
    .action(async (options) => (await import('./commands/keys.ts')).listKeysCommand(options, output));
  for (const enabled of [false, true]) {
    const word = enabled ? 'enable' : 'disable';
    add(keys, `${word} <key>`, `${word} a key, by its id or prefix`)
      .addOption(orgOption())
      .action(async (key: string, { org }: { org: string }) =>
        (await import('./commands/keys.ts')).setKeyState({ key, org, enabled }, output),
      );
  }
}

const repeated = (text: string, before: string[]): string[] => [...before, text];

function addImport(program: Command, output: Output): void {
  add(program, 'import <file>', 'take past readings from a CSV or NDJSON file (docs/import.md)')
    .addOption(orgOption())
    .option('--map <field=column>', 'where a field is; FIELD==VALUE for all lines; a .json file', repeated, [])
    .option('--handle <name=handle>', 'the handle of a profile that the file calls by another name', repeated, [])
    .option('--dates <order>', 'how dates are written besides ISO 8601: dd/mm/yyyy, mm/dd/yyyy, …, or unix')
    .addOption(new Option('--format <format>', 'default: by the name of the file').choices(['csv', 'ndjson']))
    .option('--track', 'collect the accounts that are new from now on; without it they are paused', false)
    .option('--skip-bad', 'leave bad rows out; without it nothing is imported when one is bad', false)
    .option('--errors <file>', 'where bad rows are listed (default: FILE.errors.csv)')
    .action(async (file: string, options: ImportOptions) =>
      (await import('./commands/import.ts')).importFile(file, options, output),
    );
}

function addUpkeep(program: Command, output: Output): void {
  add(program, 'demo', 'fill an organization with simulated accounts and their history')
    .option('--accounts <number>', 'how many accounts', wholeNumber(1, 10_000), 25)
    .option('--days <number>', 'how many days of history', wholeNumber(1, 730), 90)
    .addOption(orgOption())
    .action(async (options: DemoOptions) => (await import('./commands/demo.ts')).demo(options, output));
  add(program, 'migrate', 'bring the database to this version')
    .option('--allow-breaking', 'also what processes of the version before cannot live with', false)
    .action(async (options: { allowBreaking: boolean }) =>
      (await import('./commands/migrate.ts')).migrateCommand(options, output),
    );
  add(program, 'rebuild', 'make every computed figure anew from the readings').action(async () =>
    (await import('./commands/rebuild.ts')).rebuild(output),
  );
  add(program, 'doctor', 'check the stored figures against the readings').action(async () =>
    (await import('./commands/doctor.ts')).doctor(output),
  );
}

function addPlan(program: Command, output: Output): void {
  add(program, 'plan', 'what a month of collecting what is tracked takes: requests, units and cost')
    .option('--price <source=usd>', 'US dollars a unit of a source whose price depends on the plan', price, new Map())
    .action(async (options: PlanOptions) => (await import('./commands/plan.ts')).plan(options, output));
}

function price(text: string, before: ReadonlyMap<string, number>): Map<string, number> {
  const [, source = '', usd] = /^(\w+)=(\d{1,6}(?:\.\d{1,9})?)$/.exec(text) ?? [];
  if (usd === undefined) throw new InvalidArgumentError('Use a source and its price, such as scrapecreators=0.002.');
  return new Map([...before, [source, Number(usd)]]);
}

function addRefused(program: Command, output: Output): void {
  const refused = group(program, 'refused', 'readings that were not believed, and why');
  filtered(refused, 'list', 'list them, the latest first').action(async (options: RefusedOptions) =>
    (await import('./commands/refused.ts')).listRefused(options, output),
  );
  filtered(refused, 'judge', 'judge them again by what was read since; changes nothing').action(
    async (options: RefusedOptions) => (await import('./commands/refused.ts')).judgeRefused(options, output),
  );
}

function filtered(parent: Command, name: string, description: string): Command {
  return add(parent, name, description)
    .addOption(new Option('--platform <platform>', 'of this platform').choices(['instagram', 'tiktok']))
    .option('--username <handle>', 'of the profile with this handle, or that had it')
    .option('--source <name>', 'from this source')
    .option('--reason <reason>', 'for this reason, as the list has it')
    .option('--since <time>', 'read at this time or later: ISO 8601, UTC unless it says otherwise')
    .option('--limit <number>', 'so many at most', wholeNumber(1, 10_000), 50);
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Use a whole number from ${min} to ${max}.`);
  };
}

const limit =
  (min: number, max: number) =>
  (text: string): number | 'none' =>
    text === 'none' ? text : wholeNumber(min, max)(text);

function add(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).addOption(jsonOption());
}

function group(program: Command, name: string, description: string): Command {
  return add(program, name, description);
}

// Whoever reads our output may stop before its end (`… | head -1`); that is no failure of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const argv = process.argv.slice(2);
try {
  await createProgram(argv).parseAsync(argv, { from: 'user' });
} catch (error) {
  reportFailure(error, argv.includes('--json'));
}
// Whatever was started has been stopped by now; a handle left open must not keep a finished command waiting.
setTimeout(() => process.exit(), 500).unref();
