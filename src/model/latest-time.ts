/** Unix seconds: the API takes a positive int32, until 2038-01-19T03:14:07Z. */
export const LATEST = 2 ** 31 - 1;
