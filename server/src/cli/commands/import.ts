import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { createGunzip } from 'node:zlib';
import { importReadings, type ImportResult } from '../../collector/import/import-readings.ts';
import type { FileFormat } from '../../collector/import/read-rows.ts';
import { ensureDefaultOrganization } from '../../services/organizations/ensure-default-organization.ts';
import { defaultOrganizationName } from '../../services/organizations/find-organization.ts';
import { CommandError } from '../failures.ts';
import { ErrorFile } from '../import-errors.ts';
import { type MappingOptions, mappingOf } from '../import-mapping.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';
import { operatorContext, organizationContext, type Runtime, withRuntime } from '../runtime.ts';

export interface ImportOptions extends MappingOptions {
  org: string;
  format?: FileFormat;
  track: boolean;
  skipBad: boolean;
  errors?: string;
}

/** Takes past readings from a file into an organization. */
export async function importFile(file: string, options: ImportOptions, output: Output): Promise<void> {
  // Everything it makes is garbage a moment later. A young generation that may grow holds 330 MB of it, this one 200.
  for (const flag of ['--max-semi-space-size=2', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
  const mapping = await mappingOf(options);
  const { size } = await stat(file).catch(() => {
    throw new CommandError(`${file} can't be read`);
  });
  const errors = new ErrorFile(options.errors ?? `${file}.errors.csv`);
  // Before the work: who leaves bad rows out must be able to read which.
  await access(dirname(errors.path), constants.W_OK).catch(() => {
    throw new CommandError(`bad rows can't be listed in ${errors.path}; name another file with --errors`);
  });
  const result = await withRuntime({ command: 'import', role: 'command' }, async (runtime) => {
    if (options.track) refuseSandbox(runtime);
    await ensureOrganization(runtime, options.org, output);
    const ctx = await organizationContext(runtime, 'import', options.org);
    const bytes = createProgress('Reading', output);
    const profiles = createProgress('Profiles', output);
    const source = createReadStream(file, { highWaterMark: 256 * 1024 });
    try {
      const deps = {
        pool: runtime.handle.pool,
        onProblem: errors.add,
        onBytes: async () => {
          bytes.update(source.bytesRead, size);
          await errors.flush();
        },
        onProfile: (done: number, total: number) => {
          bytes.end();
          profiles.update(done, total);
        },
      };
      const content = file.endsWith('.gz') ? pipeline(source, createGunzip(), () => undefined) : source;
      const { skipBad, track } = options;
      const format = options.format ?? formatOf(file);
      return await importReadings(ctx, deps, { name: basename(file), content, format, mapping, skipBad, track });
    } finally {
      bytes.end();
      profiles.end();
      source.destroy();
      await errors.close();
    }
  });
  report(result, file, errors, output);
}

const formatOf = (file: string): FileFormat => (/\.(ndjson|jsonl|json)(\.gz)?$/i.test(file) ? 'ndjson' : 'csv');

/** The sandbox would go on with made-up numbers where the file's real ones end. */
function refuseSandbox({ config }: Runtime): void {
  if (!config.sources.some((source) => source.name === 'sandbox')) return;
  throw new CommandError(
    '--track lets the configured sources go on where the file ends, and TALLYLINE_SOURCES has the sandbox, whose numbers are made up. Name real sources, or leave --track out.',
  );
}

/** An import may be the first command ever: then it makes the default organization, with its key. */
async function ensureOrganization(runtime: Runtime, organization: string, output: Output): Promise<void> {
  if (organization !== defaultOrganizationName) return;
  const { bootstrapKey } = runtime.config;
  const { newSecret } = await ensureDefaultOrganization(operatorContext(runtime, 'import'), { bootstrapKey });
  if (newSecret !== null) output.early(`API key of the organization Default (shown only this once): ${newSecret}`);
}

function report(result: ImportResult, file: string, errors: ErrorFile, output: Output): void {
  const { rows, badRows, emptyRows, unusedColumns, profiles, accountsAdded, readingsWritten } = result;
  const errorsFile = badRows > 0 ? errors.path : null;
  if (!result.imported) {
    const [first] = errors.first;
    const example = first === undefined ? '' : ` The first: line ${first.line}, ${first.field} ${first.message}.`;
    throw new CommandError(
      `${badRows} of ${rows} rows of ${file} are bad, so nothing was imported.${example} All of them are in ${errors.path}; mend them, or leave them out with --skip-bad`,
    );
  }
  output.result(
    {
      rows,
      bad_rows: badRows,
      empty_rows: emptyRows,
      unused_columns: unusedColumns,
      profiles,
      accounts_added: accountsAdded,
      readings_written: readingsWritten,
      errors_file: errorsFile,
    },
    [
      `${rows} rows of ${profiles} profiles: ${readingsWritten} readings are new or corrected, ${accountsAdded} accounts were added`,
      ...(emptyRows > 0 ? [`${emptyRows} rows have no number, so nothing was read`] : []),
      ...(badRows > 0 ? [`${badRows} rows are bad and were left out: see ${errors.path}`] : []),
      ...(unusedColumns.length > 0 ? [`Not imported: ${unusedColumns.join(', ')}`] : []),
    ],
  );
}
