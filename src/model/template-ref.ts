import type { Id } from './ids.ts';

/** A template as the file names it: a string in the file is a name, an integer an id. */
export type TemplateRef = { readonly name: string } | { readonly id: Id };
