/**
 * Which template does a batch run? Its tasks give a name, and nothing else (`api/task-name.ts`). Templates are
 * renamed, and several may share a name, so a name alone proves less than it seems to: only the current name of
 * another template, borne by none that was ever known to be ours, says no.
 */
import type { Id } from '../../model/ids.ts';
import type { Observation, Task, Template } from '../../model/observed.ts';
import type { State } from '../../model/state.ts';

export interface TemplateNames {
  /** Templates that have that name today. */
  readonly today: ReadonlyMap<string, ReadonlySet<Id>>;
  /** Those, and the ones that the record knows under it. */
  readonly ever: ReadonlyMap<string, ReadonlySet<Id>>;
}

export function templateNames(
  templates: Observation['templates'],
  state: Pick<State, 'entries' | 'intents'> | null,
  others: readonly Pick<Template, 'id' | 'name'>[] = [],
): TemplateNames {
  const today = new Map<string, Set<Id>>();
  const ever = new Map<string, Set<Id>>();
  const add = (names: Map<string, Set<Id>>, { id, name }: Pick<Template, 'id' | 'name'>) => {
    const ids = names.get(name);
    if (ids === undefined) names.set(name, new Set([id]));
    else ids.add(id);
  };
  for (const template of templates) {
    add(today, template);
    add(ever, template);
  }
  for (const template of others) add(ever, template);
  for (const { spec } of Object.values(state?.entries ?? {})) add(ever, spec.template);
  for (const { spec } of state?.intents ?? []) add(ever, spec.template);
  return { today, ever };
}

/** The name that all tasks that were seen share; null: none was seen, or they disagree, which no batch does. */
export function taskNameOf(tasks: readonly Pick<Task, 'name'>[]): string | null {
  const name = tasks[0]?.name;
  return name !== undefined && name !== '' && tasks.every((task) => task.name === name) ? name : null;
}

export function templateVerdict(
  template: Id,
  tasks: readonly Pick<Task, 'name'>[],
  { today, ever }: TemplateNames,
): 'yes' | 'maybe' | 'no' {
  const name = taskNameOf(tasks);
  const bearers = name === null ? undefined : ever.get(name);
  if (name === null || bearers === undefined) return 'maybe';
  if (bearers.has(template)) return bearers.size === 1 ? 'yes' : 'maybe';
  return today.has(name) ? 'no' : 'maybe';
}
