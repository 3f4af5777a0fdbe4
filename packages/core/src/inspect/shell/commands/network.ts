import { foundDenying, foundNoted } from '../effects.ts';
import { type Field, field, isKnown, type Stream, unknownStream } from '../field.ts';
import { readHost, readPathOf, readUrlOf, writePathOf } from '../object.ts';
import { has, type Options, readOptions, valuesFor } from '../options.ts';
import { isEngineSocket, placesOf } from '../place.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope } from '../scope.ts';
import { openssl as crypt } from './data.ts';
import { noteShellStart } from './shell-starts.ts';
import { keepContent } from '../written.ts';

const CURL =
  'A b c C d D e E F H K m o P Q r T t u U w x X Y y z cacert capath cert cert-type ciphers config connect-timeout connect-to cookie cookie-jar data data-ascii data-binary data-raw data-urlencode json dns-servers form form-string header interface key limit-rate max-filesize max-redirs max-time output output-dir pass proxy proxy-user range referer request request-target resolve retry retry-delay retry-max-time socks5 socks5-hostname stderr trace trace-ascii unix-socket upload-file url url-query user user-agent write-out';

/** What goes out: a stream with secrets in it, or an argument that carries them. */
export function sends(data: readonly { readonly from: ReadonlySet<string> }[], { reader }: Invocation): void {
  if (data.some(({ from }) => from.has('secret'))) {
    foundDenying(reader.effects, 'shell.exfiltration', 'sends secrets over the network');
  } else if (data.some(({ from }) => from.has('system'))) {
    foundDenying(reader.effects, 'shell.exfiltration', 'sends files of the system over the network');
  } else if (data.some(({ from }) => from.has('file'))) {
    foundNoted(reader.effects, 'shell.upload', 'sends the content of a file over the network');
  }
}

/** `@file` of an upload. */
function attached({ text, ...rest }: Field, call: Invocation): Stream | undefined {
  // `name@file`, where an address of mail has no folder.
  const named = /^[\w.-]{1,60}@([^@;]{1,4096})$/.exec(text)?.[1];
  const file =
    /^(?:[^=@<]*=)?[@<]([^;]*)/.exec(text)?.[1] ?? (named?.includes('/') === true ? named : undefined);
  if (file === undefined) return undefined;
  if (file === '-') return call.stdin;
  return readPathOf({ ...rest, text: file }, call.scope, call.reader);
}

const curl: Judge = (call) => {
  const { args, scope, reader, stdin } = call;
  const options = readOptions(args, { valued: CURL });
  reader.effects.capabilities.add('net.egress');
  for (const url of [...options.operands, ...valuesFor(options, 'url')]) {
    hidesInName(url, call);
    readUrlOf(url, scope, reader);
  }
  if (valuesFor(options, 'X', 'request').some(({ text }) => text.toUpperCase() === 'DELETE')) {
    foundNoted(reader.effects, 'shell.deletes_elsewhere', 'deletes what is kept elsewhere');
    if (options.operands.some(({ text }) => /\/(?:\*|_all)\/?$/.test(text)))
      foundDenying(
        reader.effects,
        'shell.destructive',
        'deletes what is kept elsewhere, with all that it holds',
      );
  }
  const bodies = valuesFor(
    options,
    'd',
    'data',
    'data-binary',
    'data-urlencode',
    'data-ascii',
    'json',
    'F',
    'form',
  );
  const sent = [...bodies, ...valuesFor(options, 'H', 'header', 'u', 'user', 'b', 'cookie')].flatMap(
    (value) => attached(value, call) ?? [],
  );
  for (const file of valuesFor(options, 'T', 'upload-file')) {
    sent.push(file.text === '-' && stdin !== undefined ? stdin : readPathOf(file, scope, reader));
  }
  sends([...sent, ...args], call);
  for (const { text } of valuesFor(options, 'unix-socket', 'abstract-unix-socket')) talksToEngine(text, call);
  for (const file of valuesFor(options, 'K', 'config')) readPathOf(file, scope, reader);
  const raw = options.operands.some(({ text }) => /^(?:telnet|gopher|dict|tcp):/i.test(text));
  const output = saved(valuesFor(options, 'o', 'output'), has(options, 'O', 'remote-name'), options, call);
  return raw ? unknownStream('download', 'socket') : output;
};

/** A name of which a program makes the first part and somebody else owns the rest. */
const MADE_NAME = /^[^/?#]{0,253}\uFDD0[^/:?#]{0,253}\.[a-z][\w-]{0,62}\.?[a-z]/i;

/** SECURITY: whoever answers for a name sees everything that is asked for below it. */
function hidesInName({ text, from }: Field, { reader }: Invocation): void {
  const authority = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/^[^@/?#]*@/, '');
  const made = ['program', 'file', 'secret', 'system'].some((origin) => from.has(origin as never));
  // Names that are made of an address are for the machine that has it.
  if (made && MADE_NAME.test(authority) && !/\.(?:nip|sslip|xip)\.io\b/i.test(authority)) {
    foundDenying(reader.effects, 'shell.exfiltration', 'hides what it has read in the name of a host');
  }
}

function talksToEngine(socket: string, { reader }: Invocation): void {
  if (isEngineSocket(socket))
    foundDenying(reader.effects, 'shell.privilege', 'talks to an engine of containers');
}

/** A download lands in a file, or goes on as a stream. */
function saved(files: readonly Field[], named: boolean, { operands }: Options, call: Invocation): Stream {
  const { scope, reader } = call;
  const content = unknownStream('download');
  let toFile = named;
  for (const file of files) {
    if (file.text === '-' || file.text === '/dev/stdout') continue;
    toFile = true;
    writePathOf(file, scope, reader);
    keepContent(file.text, scope, content);
  }
  if (named) {
    reader.effects.capabilities.add('fs.write');
    for (const { text } of operands) {
      const name = text.split(/[?#]/, 1)[0]?.split('/').at(-1);
      if (name !== undefined && name !== '' && isKnown(name)) keepContent(name, scope, content);
    }
  }
  return toFile ? { text: '', from: new Set() } : content;
}

const wget: Judge = (call) => {
  const { args, scope, reader } = call;
  const options = readOptions(args, {
    valued:
      'O o a i t T w Q P U e D A R I X B l output-document output-file append-output input-file tries timeout wait quota directory-prefix user-agent execute header post-data post-file body-data body-file user password level accept reject domains load-cookies save-cookies referer limit-rate method config',
  });
  reader.effects.capabilities.add('net.egress');
  for (const url of options.operands) {
    hidesInName(url, call);
    readUrlOf(url, scope, reader);
  }
  const files = valuesFor(options, 'post-file', 'body-file', 'i', 'input-file');
  sends([...files.map((file) => readPathOf(file, scope, reader)), ...args], call);
  for (const { text } of valuesFor(options, 'e', 'execute')) {
    if (/^use_askpass|^http_proxy/.test(text))
      foundDenying(reader.effects, 'shell.hidden_code', 'an option runs a program');
  }
  const target = valuesFor(options, 'O', 'output-document');
  return saved(target, target.length === 0, options, call);
};

/** Raw connections: `nc` and its like. */
const netcat: Judge = (call) => {
  const { args, reader, stdin } = call;
  const options = readOptions(args, {
    valued:
      'e c g G i I m o O p P q s T V w W x X exec sh-exec lua-exec source source-port idle-timeout output proxy s shell',
  });
  const program = [
    ...valuesFor(options, 'e', 'exec', 'sh-exec', 'lua-exec', 'shell'),
    // A login shell for whoever knows the secret.
    ...(call.name === 'gs-netcat' && has(options, 'i') ? [field('sh')] : []),
    ...(call.name === 'rcat' || call.name === 'rustcat' ? valuesFor(options, 's') : []),
    ...valuesFor(options, 'c').filter(({ text }) => /[/a-z]/i.test(text)),
  ];
  const listens = has(options, 'l', 'listen');
  for (const { text } of options.operands) talksToEngine(text, call);
  if (program.length > 0) {
    foundDenying(reader.effects, 'shell.reverse_shell', 'ties a program to a connection');
    for (const { text } of program) if (isKnown(text)) reader.code(text, childScope(call.scope), undefined);
  }
  return connects(options.operands.slice(call.name === 'rcat' ? 1 : 0), listens, call, stdin);
};

/** A connection that both sends and receives. */
function connects(
  operands: readonly Field[],
  listens: boolean,
  call: Invocation,
  stdin: Stream | undefined,
): Stream {
  const { reader } = call;
  reader.effects.capabilities.add('net.egress');
  const [host] = operands;
  if (listens) foundNoted(reader.effects, 'shell.listen', 'waits for connections');
  else if (host !== undefined) readHost(host, reader);
  if (stdin !== undefined) {
    sends([stdin], call);
    if (stdin.from.has('shell'))
      foundDenying(reader.effects, 'shell.reverse_shell', 'ties a shell to a connection');
  }
  return unknownStream('download', 'socket');
}

const socat: Judge = (call) => {
  const { args, reader, scope } = call;
  reader.effects.capabilities.add('net.egress');
  const addresses = args.filter(({ text }) => !text.startsWith('-') || text === '-').map(({ text }) => text);
  const remote = addresses.some((text) =>
    /^(?:wss?:|tcp|udp|openssl|ssl|sctp|socks|proxy|ip|unix)/i.test(text),
  );
  for (const text of addresses) {
    const program = /^(?:exec|system|shell|sh-c|cmd):(["']?)([^]*?)\1(?:,|$)/i.exec(text)?.[2];
    talksToEngine(text, call);
    if (program !== undefined) {
      if (remote) foundDenying(reader.effects, 'shell.reverse_shell', 'ties a program to a connection');
      reader.code(program, childScope(scope), undefined);
    }
    if (/^(?:tcp|udp|openssl|sctp)\d?-l(?:isten)?:/i.test(text)) {
      foundNoted(reader.effects, 'shell.listen', 'waits for connections');
    } else {
      const host = /^(?:tcp|udp|openssl|ssl|sctp)\d?(?:-connect|-sendto|-datagram)?:([^:,]+)/i.exec(
        text,
      )?.[1];
      if (host !== undefined) readHost({ text: host, glob: false, from: new Set() }, reader);
    }
    const file = /^(?:open|create|file|gopen):([^,]+)/i.exec(text)?.[1];
    if (file !== undefined) writePathOf({ text: file, glob: false, from: new Set() }, scope, reader);
  }
  if (call.stdin !== undefined) sends([call.stdin], call);
  return unknownStream('download', 'socket');
};

const telnet: Judge = (call) => connects(readOptions(call.args).operands, false, call, call.stdin);

const openssl: Judge = (call) => {
  const [verb, ...rest] = call.args;
  if (verb?.text === 's_server') return connects([], true, call, call.stdin);
  if (verb?.text !== 's_client') return crypt(call);
  const at = rest.findIndex(({ text }) => text === '-connect');
  const host = rest[at + 1];
  return connects(at === -1 || host === undefined ? [] : [host], false, call, call.stdin);
};

/** Looks a host up or measures the way to it: names can carry data out. */
const lookUp: Judge = (call) => {
  const { args, reader } = call;
  reader.effects.capabilities.add('net.egress');
  sends(args, call);
  const options = readOptions(args, { valued: 'c i I l m M p Q s S t T w W b f F q x y' });
  for (const file of valuesFor(options, 'f', 'F')) readPathOf(file, call.scope, reader);
  for (const host of options.operands) {
    hidesInName(host, call);
    const name = host.text.replace(/^@/, '');
    if (/[.:]|^localhost$/.test(name) || options.operands.length === 1)
      readHost({ ...host, text: name }, reader);
  }
  return unknownStream('program');
};

/** Other clients: URLs among the arguments count, files may be anything. */
const client: Judge = (call) => {
  const { args, scope, reader, stdin } = call;
  noteShellStart(call);
  reader.effects.capabilities.add('net.egress');
  for (const arg of args) if (/^[a-z][a-z0-9+.-]*:\/\//i.test(arg.text)) readUrlOf(arg, scope, reader);
  if (!args.some(({ text }) => text.includes('://'))) reader.effects.unknownHost = true;
  // What is typed into it names files as well as its words do.
  const words = [...args.map(({ text }) => text), stdin?.text ?? ''].flatMap((text) => text.split(/\s+/));
  const secrets = words
    .filter((text) => placesOf(text, scope.folder).has('credential'))
    .map((text) => readPathOf(field(text), scope, reader));
  sends(stdin === undefined ? [...args, ...secrets] : [...args, ...secrets, stdin], call);
  return unknownStream('download');
};

/** Programs that let others in from outside, through a machine of somebody else. */
const tunnel: Judge = (call) => {
  foundNoted(call.reader.effects, 'shell.listen', 'lets others in through a tunnel');
  call.reader.effects.unknownHost = true;
  return client(call);
};

const TUNNELS = 'ngrok chisel cloudflared localtunnel lt bore frpc gost ligolo rathole pwncat pwncat-cs';

const CLIENTS =
  'http https xh httpie curlie GET POST HEAD lwp-request lwp-download fetch aria2c axel lftp ftp tftp smbclient lynx w3m links elinks youtube-dl yt-dlp mail mailx sendmail mutt swaks grpcurl wscat nmap masscan tcpdump tshark';

export const NETWORK: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(TUNNELS.split(' ').map((name) => [name, tunnel])),
  ...Object.fromEntries(CLIENTS.split(' ').map((name) => [name, client])),
  curl,
  wget,
  nc: netcat,
  ncat: netcat,
  netcat,
  cryptcat: netcat,
  'gs-netcat': netcat,
  'nc.traditional': netcat,
  'nc.openbsd': netcat,
  rcat: netcat,
  rustcat: netcat,
  socat,
  websocat: socat,
  telnet,
  openssl,
  ping: lookUp,
  ping6: lookUp,
  traceroute: lookUp,
  tracepath: lookUp,
  mtr: lookUp,
  dig: lookUp,
  nslookup: lookUp,
  host: lookUp,
  whois: lookUp,
};
