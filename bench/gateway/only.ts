import {
  CONCURRENCIES,
  type Cell,
  fullPlan,
  type Pressure,
  RATES,
  SIZES,
  type Stage,
  TOOL_COUNTS,
  TRANSPORTS,
} from './plan.ts';
import { KINDS } from './targets/kinds.ts';

/**
 * The part of the full plan that a list like `P3,http,16` names: targets, `http` or `stdio`, a concurrency
 * (`16`) or a rate (`1000/s`), a size (`2KB`), a number of tools (`500tools`). An axis that is not named is
 * kept whole, but for sizes and numbers of tools, where the usual ones stand. Throws on a word that it does
 * not know.
 */
export function onlyPlan(list: string): Stage[] {
  const words = list.split(',').map((word) => word.trim());
  const taken = (known: readonly string[]): string[] => known.filter((word) => words.includes(word));
  const targets = KINDS.map(({ name }) => name);
  const pressures = [...CONCURRENCIES.map(String), ...RATES.map((rate) => `${rate}/s`)];
  const tools = TOOL_COUNTS.map((count) => `${count}tools`);
  const known = [...targets, ...TRANSPORTS, ...pressures, ...Object.keys(SIZES), ...tools];
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) {
    throw new Error(`\`--only\` does not know \`${unknown}\`, only ${known.join(', ')}`);
  }
  const kept = (named: readonly string[], otherwise: readonly string[]) =>
    named.length > 0 ? named : otherwise;
  const wantedTargets = kept(taken(targets), targets);
  const wantedTransports = kept(taken(TRANSPORTS), TRANSPORTS);
  const wantedPressures = kept(taken(pressures), pressures);
  const wantedSizes = kept(taken(Object.keys(SIZES)), ['2KB']).map((word) => SIZES[word]);
  const wantedTools = kept(taken(tools), ['20tools']);
  const reduced = ({ pressure, bytes, rounds, roundMs }: Cell): Cell => ({
    pressure,
    bytes,
    rounds,
    roundMs,
    targets: wantedTargets,
  });
  const wanted = ({ pressure, bytes }: Cell): boolean =>
    wantedSizes.includes(bytes) && wantedPressures.includes(wordOf(pressure));
  return fullPlan()
    .filter(
      (stage) => wantedTransports.includes(stage.transport) && wantedTools.includes(`${stage.tools}tools`),
    )
    .map(({ transport, tools, cells }) => ({ transport, tools, cells: cells.filter(wanted).map(reduced) }));
}

function wordOf(pressure: Pressure): string {
  return pressure.kind === 'closed' ? String(pressure.concurrency) : `${pressure.perSecond}/s`;
}
