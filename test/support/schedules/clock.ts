/**
 * Time that nobody waits for: whoever sleeps is woken in the order of the hours that they asked for, as soon as all
 * others have nothing left to do. Appliers side by side, late commits and deadlines so come out the same every time.
 *
 * Invariant: `now` never goes back, and moves only while everything else sleeps.
 */

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

const DAY = 86_400;

export class VirtualClock {
  /** Unix seconds, with fractions: the truth, and the API's clock. */
  now: number;
  /** Sorted; of the same time, the first asked is the first woken. */
  private readonly alarms: Alarm[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** Returns a function that takes it back. */
  at(time: number, ring: () => void): () => void {
    const alarm = { at: Math.max(time, this.now), ring };
    let place = this.alarms.length;
    while (place > 0 && this.alarms[place - 1]!.at > alarm.at) place -= 1;
    this.alarms.splice(place, 0, alarm);
    return () => {
      const index = this.alarms.indexOf(alarm);
      if (index >= 0) this.alarms.splice(index, 1);
    };
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.now + seconds, resolve);
    });
  }

  /** Lets time pass until `work` is settled. Throws when that will never be, or takes longer than a day. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const end = this.now + DAY;
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let idle = 0; ; ) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return work;
      const next = this.alarms[0];
      if (next === undefined) {
        idle += 1;
        if (idle > 50) throw new Error('this never ends: nobody sleeps, and nothing happens');
        continue;
      }
      idle = 0;
      if (next.at > end) throw new Error('this never ends: it has taken a day');
      this.now = next.at;
      while (this.alarms[0]?.at === next.at) this.alarms.shift()!.ring();
    }
  }

  /** What falls due meanwhile happens. */
  advance(seconds: number): Promise<void> {
    return this.drive(this.sleep(seconds));
  }
}
