import type { Logger } from 'pino';

const closeWithinMs = 5_000;

/**
 * An error that nobody caught leaves the process in an unknown state: it is logged, what can be closed is closed, and the
 * process ends with 1. The collector's claims are taken over by the next one.
 */
export function exitOnCrash(logger: Logger, close: () => Promise<void>): () => void {
  let crashed = false;
  const closeAndExit = async (): Promise<void> => {
    await close().catch((error: unknown) => logger.error({ err: error }, 'could not close'));
    process.exit(1);
  };
  const crash = (error: unknown): void => {
    logger.fatal({ err: error }, 'unexpected error, stopping');
    if (crashed) return;
    crashed = true;
    setTimeout(() => process.exit(1), closeWithinMs).unref();
    void closeAndExit();
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  return () => {
    process.off('uncaughtException', crash);
    process.off('unhandledRejection', crash);
  };
}
