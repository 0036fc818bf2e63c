/**
 * The one place of an assumption: a task's `name` is its template's `name`. No source of the API promises it, none
 * says otherwise; should it turn out wrong, this file is what changes.
 */
import type { Task, Template } from '../model/observed.ts';

/** The template that all tasks of one batch share; null: none is known, or they disagree, which no batch does. */
export function templateNameOf(
  tasks: readonly Pick<Task, 'name'>[],
  templates: readonly Template[],
): string | null {
  const known = new Set(templates.map((template) => template.name));
  const names = new Set(tasks.map((task) => task.name).filter((name) => known.has(name)));
  const [name] = names;
  return name !== undefined && names.size === 1 ? name : null;
}
