import { runDoctor } from '../../collector/doctor.ts';
import { CommandError } from '../failures.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';
import { withRuntime } from '../runtime.ts';

/** Recomputes what is stored from readings. Anything that differs is named, and the command fails. */
export async function doctor(output: Output): Promise<void> {
  const checks = await withRuntime({ command: 'doctor', role: 'command' }, async ({ handle }) => {
    const progress = createProgress('Accounts and videos', output);
    try {
      return (await runDoctor({ db: handle.db, onProgress: progress.update })).checks;
    } finally {
      progress.end();
    }
  });
  const failed = checks.filter((check) => !check.ok);
  const lines = checks.flatMap((check) => [
    `${check.ok ? 'ok  ' : 'FAIL'} ${check.name} (${check.checked} checked)`,
    ...check.failures.map((failure) => `     ${failure}`),
  ]);
  output.result({ ok: failed.length === 0, checks }, lines);
  if (failed.length === 0) return;
  throw new CommandError(
    `${failed.length} of ${checks.length} checks failed; "tallyline rebuild" recreates what is computed from readings`,
  );
}
