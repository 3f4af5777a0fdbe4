import { type KillSwitch, killTargetText, stops } from '@aegis/core';

/** What is stopped now, as this process knows it. */
export class KillBoard {
  #thrown: readonly KillSwitch[] = [];

  /** Every switch that is thrown. */
  get thrown(): readonly KillSwitch[] {
    return this.#thrown;
  }

  /** The switch that stops a caller; undefined while none does. */
  of(subject: { readonly tenant: string; readonly agent: string }): KillSwitch | undefined {
    return this.#thrown.find((one) => stops(one, subject));
  }

  /** Puts the switches as they are now, and gives those that were not thrown before. */
  set(switches: readonly KillSwitch[]): readonly KillSwitch[] {
    const before = new Set(this.#thrown.map(killTargetText));
    const byTarget = new Map(switches.map((one) => [killTargetText(one), one]));
    this.#thrown = [...byTarget.values()];
    return this.#thrown.filter((one) => !before.has(killTargetText(one)));
  }
}
