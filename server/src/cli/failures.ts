import { CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { Problem } from '../contract/problem.ts';

export const exitCodes = { done: 0, failed: 1, wrongUse: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure whose message is all that a person needs: shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface Failure {
  exitCode: ExitCode;
  /** The first line says what failed; more lines only where several things are wrong at once. */
  lines: string[];
}

function wrongUse({ code, message }: CommanderError): Failure {
  const isHelpShown = code.startsWith('commander.help');
  const what = isHelpShown ? 'a command is missing' : message.replace(/^error: /, '');
  return { exitCode: exitCodes.wrongUse, lines: [...what.split('\n'), '(tallyline --help shows what there is)'] };
}

/** What to tell a person about an error, and how the process ends. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? { exitCode: exitCodes.done, lines: [] } : wrongUse(error);
  }
  if (error instanceof ConfigError) {
    return { exitCode: exitCodes.wrongUse, lines: [`${error.message}:`, ...error.problems.map((text) => `  ${text}`)] };
  }
  if (error instanceof Problem) {
    const fields = error.errors?.map(({ field, message }) => `${field} ${message}`) ?? [];
    const exitCode = error.code === 'VALIDATION_ERROR' ? exitCodes.wrongUse : exitCodes.failed;
    return { exitCode, lines: [fields.length > 0 ? fields.join('; ') : error.detail] };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.failed, lines: [message === '' ? 'Unknown error' : message] };
}
