/** Plans in one comment: as many as its table always has room for. */
export const MOST_PLANS = 100;
