import type { Call } from '../code/call.ts';
import type { Hit, ScanRule } from '../rule.ts';

/** Calls that build whatever objects the data asks for, and run their code doing so. */
const LOADERS = new Set([
  'pickle.load',
  'pickle.loads',
  'pickle.Unpickler',
  'cPickle.load',
  'cPickle.loads',
  '_pickle.loads',
  'dill.load',
  'dill.loads',
  'cloudpickle.load',
  'cloudpickle.loads',
  'marshal.load',
  'marshal.loads',
  'jsonpickle.decode',
  'shelve.open',
  'yaml.unsafe_load',
  'yaml.full_load',
  'pandas.read_pickle',
  'joblib.load',
  'node-serialize.unserialize',
  'serialize-javascript.deserialize',
  'v8.deserialize',
]);

export const unsafeDeserialisation: ScanRule = {
  id: 'code.unsafe_deserialisation',
  severity: 'high',
  title: 'data that can run code when it is read',
  why: 'These formats name the code that builds what they hold: whoever writes the data runs it here. Use JSON, or the safe loader of the same library.',
  find: ({ code }) =>
    code === undefined
      ? []
      : code.calls.flatMap((call): readonly Hit[] => {
          const { name, start, end } = call;
          if (!LOADERS.has(name) && !(code.language === 'python' && loadsAnything(call))) return [];
          const severity = name === 'v8.deserialize' || name === 'shelve.open' ? 'medium' : 'high';
          return [
            {
              start,
              end,
              message: `\`${name}\` builds what the data asks for`,
              severity,
              capability: 'exec',
            },
          ];
        }),
};

/** Of Python: `load` of YAML in JavaScript builds plain data. */
function loadsAnything({ name, args, named }: Call): boolean {
  if (name === 'yaml.load' || name === 'yaml.load_all') {
    const loader = [...(named.get('Loader') ?? []), ...(args[1] ?? [])].map(({ text }) => text).join('');
    return loader === '' || /^(?:\w+\.)?(?:C?(?:Full|Unsafe)?Loader)$/.test(loader);
  }
  return name === 'torch.load' && named.get('weights_only')?.[0]?.text !== 'True';
}
