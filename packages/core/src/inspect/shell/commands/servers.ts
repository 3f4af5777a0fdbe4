import { foundDenying } from '../effects.ts';
import type { Field } from '../field.ts';
import { readOptions, valuesFor } from '../options.ts';
import { placesOf } from '../place.ts';
import type { Invocation } from '../reader.ts';

/** Which folder a program offers to whoever asks; undefined where it serves none. */
function servedBy({ name, args }: Invocation): Field | 'here' | undefined {
  const texts = args.map(({ text }) => text);
  switch (name) {
    case 'python':
      if (!/^-m (?:http\.server|SimpleHTTPServer|pyftpdlib|uploadserver)\b/.test(texts.join(' ')))
        return undefined;
      return valuesFor(readOptions(args, { valued: 'm d directory b bind' }), 'd', 'directory')[0] ?? 'here';
    case 'php':
      if (!texts.includes('-S')) return undefined;
      return valuesFor(readOptions(args, { valued: 'S t d c' }), 't')[0] ?? 'here';
    case 'httpd':
      return valuesFor(readOptions(args, { valued: 'p h c u r' }), 'h')[0];
    case 'ruby':
      return texts.includes('-run') ? args.find(({ text }) => /^[/~.]/.test(text)) : undefined;
    case 'serve':
    case 'http-server':
    case 'live-server':
    case 'miniserve':
    case 'smbserver.py':
      return args.find(({ text }) => /^[/~]/.test(text));
    default:
      return undefined;
  }
}

/** Finds a server that offers folders of the system, or a whole home, to others. */
export function noteServer(call: Invocation): void {
  const served = servedBy(call);
  if (served === undefined) return;
  const places = placesOf(served === 'here' ? call.scope.folder : served.text, call.scope.folder);
  if (places.has('system') || places.has('home') || places.has('credential')) {
    foundDenying(call.reader.effects, 'shell.exfiltration', 'offers folders of the system to others');
  }
}
