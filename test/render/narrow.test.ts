/** On a narrow screen: nothing is cut, and a line is only too wide for a word that is longer than it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { State } from '../../src/model/state.ts';
import { displayWidth } from '../../src/render/display-width.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { renderEntry, renderState } from '../../src/render/state.ts';
import { renderTemplates } from '../../src/render/templates.ts';
import { entry, spec, state } from '../support/builders.ts';
import * as plans from './plans.ts';

const test = suite('narrow screens');
const VIEW = { now: plans.NOW, color: false, timezone: 'Europe/Amsterdam', mayCut: true };
const STATE: State = state({
  'nightly-restart[fleet:eu]': entry(['41'], spec({ executeAt: plans.AT_FOUR })),
});
const TARGETS = { 'nightly-restart[fleet:eu]': 'fleet eu' };

const SCREENS: Readonly<Record<string, (width: number) => string>> = {
  plan: (width) => renderPlan(plans.fullPlan(), { ...VIEW, width }),
  'a brief plan': (width) => renderPlan(plans.fullPlan(), { ...VIEW, width, concise: true }),
  'the plan of schedules': (width) => renderPlan(plans.schedulePlan(), { ...VIEW, width }),
  state: (width) => renderState(STATE, { ...VIEW, width, targets: TARGETS }),
  entry: (width) =>
    renderEntry('nightly-restart[fleet:eu]', Object.values(STATE.entries)[0]!, null, 'fleet eu', {
      ...VIEW,
      width,
    }),
  templates: (width) =>
    renderTemplates(
      [
        {
          id: '7',
          name: 'Restart game server',
          description: 'Stops it, and starts it.',
          requiredParams: ['a', 'b'],
        },
      ],
      { ...VIEW, width },
    ),
};

for (const [name, show] of Object.entries(SCREENS)) {
  test(`${name}: words go on below, and none is cut`, () => {
    const whole = words(show(200)).filter((word) => word !== 'REQUIRED');
    for (const width of [30, 40, 60, 80]) {
      const text = show(width);
      for (const line of text.split('\n')) {
        const isOneWord = /^\s*(?:\S+ )?\S+$/.test(line);
        assert.ok(displayWidth(line) <= width || isOneWord, `${width}: ${line}`);
      }
      if (width < 60) for (const word of whole) assert.ok(text.includes(word), `${width}: ${word}`);
    }
  });
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => !word.includes('…') && !/[─^]/.test(word));
}

test.run();
