import { foundDenying } from '../effects.ts';
import { type Field, unknownStream } from '../field.ts';
import { namePath } from '../object.ts';
import { lineOf, readOptions, valuesFor } from '../options.ts';
import { isEngineSocket, placesOf } from '../place.ts';
import type { Invocation, Judge } from '../reader.ts';
import { freshScope } from '../scope.ts';
import { judgePlain } from './plain.ts';
import { readsSecret } from './secrets.ts';

const RUN =
  'a c e h l m p u v w add-host annotation attach cap-add cap-drop cgroup-parent cgroupns cidfile cpus device dns entrypoint env env-file expose gpus group-add hostname ip ipc label log-driver log-opt memory mount name net network network-alias pid platform pull restart runtime security-opt shm-size stop-signal stop-timeout sysctl tmpfs ulimit user userns uts volume volumes-from workdir';

/** What makes a container as good as the machine. */
const ESCAPES =
  /^(?:--privileged(?:=true)?|--(?:pid|ipc|uts|userns|cgroupns)=host|--cap-add=(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE|DAC_READ_SEARCH)|--security-opt=?(?:apparmor|seccomp)[=:]unconfined|--device=\/dev\/(?:sd|nvme|vd|mem|kmem).*)$/i;

/** Options of the engine's client that come before the verb. */
const GLOBAL =
  'H host c context config l log-level tlscacert tlscert tlskey url connection namespace n address a';

const container: Judge = (call) => {
  const { scope, reader } = call;
  const { operands: args } = readOptions(call.args, { valued: GLOBAL, untilOperand: true });
  const [first, second] = args;
  const verb = first?.text === 'container' || first?.text === 'compose' ? second : first;
  const rest = args.slice(verb === second ? 2 : 1);
  if (verb?.text !== 'run' && verb?.text !== 'exec' && verb?.text !== 'create') {
    if (!readsSecret(call.name, call.args)) return judgePlain(call);
    foundDenying(reader.effects, 'shell.credential_read', 'prints a stored secret');
    return unknownStream('secret');
  }
  reader.effects.capabilities.add('exec');
  const options = readOptions(rest, { valued: RUN, untilOperand: true });
  const mounts = [...valuesFor(options, 'v', 'volume'), ...valuesFor(options, 'mount')];
  for (const mount of mounts) readMount(mount, call);
  const spelled = rest.map(({ text }, index) => `${text}=${rest[index + 1]?.text ?? ''}`);
  const free = rest.some(({ text }) => ESCAPES.test(text)) || spelled.some((text) => ESCAPES.test(text));
  if (free) foundDenying(reader.effects, 'shell.privilege', 'a container with the rights of the machine');
  return inside(options.operands.slice(1), { ...call, scope });
};

function readMount(mount: Field, { scope, reader }: Invocation): void {
  const source = /(?:^|,)(?:source|src)=([^,]+)/.exec(mount.text)?.[1] ?? mount.text.split(':', 1)[0] ?? '';
  if (!/^[/~.$]/.test(source)) return;
  const path = { ...mount, text: source };
  namePath(path, scope, reader);
  const places = placesOf(source, scope.folder);
  const whole = ['system', 'credential', 'device'].some((place) => places.has(place as never));
  if (whole || source === '/root' || isEngineSocket(source)) {
    foundDenying(reader.effects, 'shell.privilege', 'gives a container folders of the system');
  }
}

/** A command in another file system. */
function inside(words: readonly Field[], { reader, stdin }: Invocation): ReturnType<Judge> {
  reader.effects.elsewhere++;
  try {
    return reader.nested(() => reader.command(words, freshScope(), stdin));
  } finally {
    reader.effects.elsewhere--;
  }
}

/** `kubectl exec pod -- command`, `kubectl run name --image=i -- command`. */
const kubectl: Judge = (call) => {
  const { args, reader } = call;
  reader.effects.capabilities.add('exec').add('net.egress');
  if (readsSecret('kubectl', args)) {
    foundDenying(reader.effects, 'shell.credential_read', 'prints a stored secret');
    return unknownStream('secret');
  }
  if (args.some(({ text }) => /"(?:hostPID|privileged|hostNetwork)"\s*:\s*true/.test(text))) {
    foundDenying(reader.effects, 'shell.privilege', 'a container with the rights of the machine');
  }
  const at = args.findIndex(({ text }) => text === '--');
  return at === -1 ? unknownStream('program') : inside(args.slice(at + 1), call);
};

/** What opens the machine to a container of `lxc` and its like. */
const OPENS = /(?:^| )source=\/(?: |$)|security\.privileged=true|raw\.lxc/;

const systemContainer: Judge = (call) => {
  if (OPENS.test(lineOf(call.args))) {
    foundDenying(call.reader.effects, 'shell.privilege', 'a container with the rights of the machine');
  }
  const at = call.args.findIndex(({ text }) => text === '--');
  return at === -1 ? judgePlain(call) : inside(call.args.slice(at + 1), call);
};

export const CONTAINERS: Readonly<Record<string, Judge>> = {
  docker: container,
  podman: container,
  nerdctl: container,
  ctr: container,
  lxc: systemContainer,
  incus: systemContainer,
  kubectl,
  oc: kubectl,
};
