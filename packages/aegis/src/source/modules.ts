import type { Evaluated, ModuleQuestion, Opinions, PolicyModule } from '@aegis/core';
import type { CedarSources } from './cedar/load.ts';
import type { OpinionSource } from './opa/opinion.ts';
import type { OpaOptions, OpaSources } from './opa/load.ts';
import type { RegoSources } from './rego.ts';

/** Asks the modules that have to be waited for. Never rejects: no answer is an answer that denies. */
export type Consult = (questions: readonly ModuleQuestion[]) => Promise<Opinions>;

export interface LoadedModules {
  readonly modules: readonly PolicyModule[];
  readonly consult: Consult;
  readonly close: () => Promise<void>;
}

/** Loads the policies in other languages, each engine only where it is needed. What is wrong is reported. */
export async function loadModules(
  {
    rego,
    cedar,
    opa,
  }: {
    readonly rego?: RegoSources | undefined;
    readonly cedar?: CedarSources | undefined;
    readonly opa?: OpaSources | undefined;
  },
  options: OpaOptions,
): Promise<LoadedModules> {
  const modules: PolicyModule[] = [];
  const sources = new Map<string, OpinionSource>();
  if (rego !== undefined) {
    const module = await (await import('./rego.ts')).loadRego(rego, options);
    if (module !== undefined) modules.push(module);
  }
  if (cedar !== undefined) {
    const module = await (await import('./cedar/load.ts')).loadCedar(cedar, options);
    if (module !== undefined) modules.push(module);
  }
  if (opa !== undefined) {
    const loaded = await (await import('./opa/load.ts')).loadOpa(opa, options);
    if (loaded !== undefined) {
      modules.push(loaded.module);
      sources.set(loaded.module.rule, loaded.source);
    }
  }
  return {
    modules,
    consult: async (questions) =>
      new Map(
        await Promise.all(
          questions.map(
            async ({ rule, input }): Promise<[string, Evaluated]> => [
              rule,
              (await sources.get(rule)?.ask(input)) ?? { kind: 'fault', message: 'there is nobody to ask' },
            ],
          ),
        ),
      ),
    close: async () => {
      await Promise.all([...sources.values()].map((source) => source.close()));
    },
  };
}
