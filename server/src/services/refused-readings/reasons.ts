/** A counter below half of what another source gave last. Later falls are judged by it, so it is not forgotten soon. */
export const fellReason = 'fell_by_half_at_another_source';
/** 0 followers after a positive count. */
export const lostReason = 'zero_followers_after_positive';
