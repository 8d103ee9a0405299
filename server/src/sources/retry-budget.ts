/** Retries may be a share of all requests, so that an outage is not answered with twice the load. */
export interface RetryBudget {
  /** Counts a first attempt. */
  earn(): void;
  /** Whether one more retry is affordable, which it then has spent. */
  spend(): boolean;
}

const reserve = 3;

export function createRetryBudget(percent: number): RetryBudget {
  let tokens = reserve;
  return {
    earn() {
      tokens = Math.min(reserve * 2, tokens + percent / 100);
    },
    spend() {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
