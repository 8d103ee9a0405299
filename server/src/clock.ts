/** The current time is an argument everywhere, so that months of history can be simulated in seconds. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
