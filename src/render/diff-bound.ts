/** Edits after which a diff gives up: the cost grows with its square. */
export const MAX_EDITS = 400;
