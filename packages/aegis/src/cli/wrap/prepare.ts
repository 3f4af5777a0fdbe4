import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AegisError, isJsonObject, type JsonValue, readDocument } from '@aegis/core';
import { planWrap, type WrapPlan } from '../../clients/wrap.ts';
import { addServer } from '../../config/edit-servers.ts';
import { homeFolder } from '../../config/places.ts';
import type { Terminal } from '../command.ts';
import { builtInText } from '../configure.ts';
import { readText } from '../file/replace.ts';
import { EXECUTABLE } from '../self.ts';
import type { FoundTarget } from './target.ts';

/** One target with everything that is to be written. */
export interface PreparedWrap {
  readonly target: FoundTarget;
  readonly plan: WrapPlan;
  /** The configuration before, undefined when there is none, and after. */
  readonly before: string | undefined;
  readonly after: string;
}

/** The first target of which something can be moved, prepared; else the first of all. */
export async function prepareFirst(
  found: readonly [FoundTarget, ...FoundTarget[]],
  terminal: Terminal,
  only: readonly string[] | undefined,
): Promise<PreparedWrap> {
  let first: PreparedWrap | undefined;
  for (const target of found) {
    const prepared = await prepare(target, terminal, only);
    if (prepared.plan.moved.length > 0) return prepared;
    first ??= prepared;
  }
  return first ?? (await prepare(found[0], terminal, only));
}

async function prepare(
  target: FoundTarget,
  { environment }: Terminal,
  only: readonly string[] | undefined,
): Promise<PreparedWrap> {
  const { client, place, configuration, text } = target;
  const before = await readText(configuration);
  const base = before ?? (await builtInText());
  const directory = dirname(configuration);
  const plan = planWrap({
    client,
    place,
    text,
    home: homeFolder(environment),
    directory,
    configured: serversIn(base, configuration),
    run: { command: process.execPath, args: [EXECUTABLE, 'mcp', '--config', configuration] },
    isTaken: (file) => existsSync(join(directory, file)),
    ...(only === undefined ? {} : { only }),
  });
  const missing = only?.filter(
    (name) => ![...plan.moved.map(({ from }) => from), ...plan.left.map((one) => one.name)].includes(name),
  );
  if (missing !== undefined && missing.length > 0) {
    throw new AegisError('INPUT_INVALID', `\`${place.file}\` has no server \`${missing.join('`, `')}\``);
  }
  let after = base;
  for (const { server, known } of plan.moved) if (!known) after = addServer(after, configuration, server);
  return { target, plan, before, after };
}

function serversIn(text: string, file: string): readonly JsonValue[] {
  const { value } = readDocument({ text, file });
  const servers = isJsonObject(value) ? value['servers'] : undefined;
  return Array.isArray(servers) ? servers : [];
}
