import { rebuildRollups } from '../../collector/rebuild.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';
import { withRuntime } from '../runtime.ts';

export async function rebuild(output: Output): Promise<void> {
  await withRuntime({ command: 'rebuild', role: 'command' }, async ({ handle, logger }) => {
    const progress = createProgress('Accounts', output);
    try {
      const { accounts } = await rebuildRollups({ db: handle.db, logger, onProgress: progress.update });
      progress.end();
      output.result({ accounts }, [`Rebuilt the figures of ${accounts} accounts from their readings`]);
    } finally {
      progress.end();
    }
  });
}
