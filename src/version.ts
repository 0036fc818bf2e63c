/** Filled in by the build from package.json. */
declare const FLEETFORM_VERSION: string;

export const version: string = FLEETFORM_VERSION;
