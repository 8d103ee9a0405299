import { addDays, type Day } from './days.ts';

// On today and yesterday readings may still be under way.
const unsettledDays = 2;

/** The last day that is settled on a day at the latest: its gains and those before do not change any more. */
export function lastSettledDay(today: Day): Day {
  return addDays(today, -unsettledDays);
}
