/** The variables of an environment, by name: those of a process, or of a test. */
export type Env = Readonly<Record<string, string | undefined>>;
