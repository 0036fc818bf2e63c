/** Filled in by the build from package.json. */
declare const FLEETFORM_VERSION: string;

/** The version of fleetform, as its package says it. */
export const version: string = FLEETFORM_VERSION;
