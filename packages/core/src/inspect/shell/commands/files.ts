import { foundDenying, foundNoted } from '../effects.ts';
import { type Field, field, isKnown, SILENT, type Stream, unknownStream } from '../field.ts';
import { namePath, readPathOf, writePathOf } from '../object.ts';
import { has, readOptions, valuesFor } from '../options.ts';
import { placesOf, plainPath } from '../place.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope, type Scope } from '../scope.ts';
import { keepContent } from '../written.ts';

/** Copies: every operand but the last is read, the last is written. */
const copy: Judge = ({ args, scope, reader }) => {
  const options = readOptions(args, { valued: 't S target-directory suffix m mode o owner g group' });
  const [folder] = valuesFor(options, 't', 'target-directory');
  const sources = folder === undefined ? options.operands.slice(0, -1) : options.operands;
  const target = folder ?? options.operands.at(-1);
  let content: Stream | undefined;
  for (const source of sources) content = readPathOf(source, scope, reader);
  if (target !== undefined) {
    writePathOf(target, scope, reader);
    if (sources.length === 1 && content !== undefined) keepContent(target.text, scope, content);
  }
  return SILENT;
};

/** A move takes away what it reads. */
const move: Judge = (call) => {
  const { args, scope, reader } = call;
  const { operands } = readOptions(args, { valued: 't S target-directory suffix' });
  for (const source of operands.slice(0, -1)) {
    const places = placesOf(source.text, scope.folder);
    if (places.has('system'))
      foundDenying(reader.effects, 'shell.destructive', 'moves a folder of the system away');
    if (places.has('log')) foundDenying(reader.effects, 'shell.evasion', 'moves a log away');
  }
  if (operands.at(-1)?.text === '/dev/null') {
    foundDenying(reader.effects, 'shell.destructive', 'moves files to nowhere');
  }
  return copy(call);
};

/** A folder of the system or a whole home. */
function isBroad({ text }: Field, { folder }: Scope): boolean {
  const places = placesOf(text, folder);
  return places.has('system') || places.has('home');
}

/** A file that decides who may do what. */
function isGuarded({ text }: Field, { folder }: Scope): boolean {
  const places = placesOf(text, folder);
  return ['credential', 'persistence', 'device'].some((place) => places.has(place as never));
}

const MODE = 'reference from';

/** `chmod`: a mode, then files. */
const chmod: Judge = ({ args, scope, reader }) => {
  const plain = args.filter(({ text }) => !/^-(?:[Rcfv]+|-.*)$/.test(text));
  const [mode, ...files] = plain;
  const text = mode?.text ?? '';
  for (const file of files) namePath(file, scope, reader);
  reader.effects.capabilities.add('fs.write');
  if (/^[0-7]?[2-7][0-7]{3}$/.test(text) || /[ugoa]*[+=][rwxX]*[st]/.test(text.replace(/\+t$/, ''))) {
    foundDenying(reader.effects, 'shell.privilege', 'lets a program run with the rights of its owner');
  }
  const recursive = args.some(({ text: flag }) => /^-[A-Za-z]*R|^--recursive/.test(flag));
  const touched = files.some((file) => isBroad(file, scope));
  if (recursive && touched) {
    foundDenying(reader.effects, 'shell.disruption', 'changes the rights of a folder of the system');
  } else if (/^[0-7]*[2367]$|(?:^|,)[ug]*[ao][ugo]*[+=][rx]*w/.test(text)) {
    const guarded = files.some((file) => isGuarded(file, scope));
    if (guarded)
      foundDenying(reader.effects, 'shell.privilege', 'lets everyone write what guards the machine');
    else foundNoted(reader.effects, 'shell.permissions', 'lets everyone write');
  }
  return SILENT;
};

const chown: Judge = ({ args, scope, reader }) => {
  const options = readOptions(args, { valued: MODE });
  const files = has(options, 'reference') ? options.operands : options.operands.slice(1);
  for (const file of files) namePath(file, scope, reader);
  reader.effects.capabilities.add('fs.write');
  const touched = files.some((file) => isBroad(file, scope));
  if (has(options, 'R', 'recursive') && touched) {
    foundDenying(reader.effects, 'shell.disruption', 'changes the owner of a folder of the system');
  }
  return SILENT;
};

const chattr: Judge = ({ args, reader, scope }) => {
  for (const file of args.filter(({ text }) => !/^[-+=]/.test(text))) namePath(file, scope, reader);
  if (args.some(({ text }) => /^-[a-z]*[ia]/.test(text) || /^no(?:s|u)(?:chg|immutable|appnd)$/.test(text))) {
    foundDenying(reader.effects, 'shell.evasion', 'lifts the protection of a file');
  }
  reader.effects.capabilities.add('fs.write');
  return SILENT;
};

const setcap: Judge = ({ args, reader }) => {
  if (args.some(({ text }) => text === '-v')) return SILENT;
  foundDenying(reader.effects, 'shell.privilege', 'gives a program capabilities of root');
  return SILENT;
};

const touch: Judge = ({ args, scope, reader }) => {
  const options = readOptions(args, { valued: 'd t r date reference time' });
  const { operands } = options;
  for (const { text } of valuesFor(options, 'r', 'reference')) {
    if (placesOf(text, scope.folder).has('system'))
      foundDenying(reader.effects, 'shell.evasion', 'gives a file the age of one of the system');
  }
  reader.effects.capabilities.add('fs.write');
  for (const file of operands) writePathOf(file, scope, reader);
  return SILENT;
};

/** A folder that is made changes nothing by itself. */
const folder: Judge = ({ args, scope, reader }) => {
  const { operands } = readOptions(args, { valued: 'm mode' });
  reader.effects.capabilities.add('fs.write');
  for (const made of operands) namePath(made, scope, reader);
  return SILENT;
};

/** `sed`: with `-i` it writes; its script may write files and run programs. */
const sed: Judge = ({ args, scope, reader, stdin }) => {
  const options = readOptions(args, { valued: 'e f expression file l line-length' });
  const scripts = valuesFor(options, 'e', 'expression');
  const files =
    scripts.length + valuesFor(options, 'f', 'file').length > 0
      ? options.operands
      : options.operands.slice(1);
  const texts = scripts.length > 0 ? scripts : options.operands.slice(0, 1);
  for (const { text } of texts) readSedScript(text, { args, scope, reader, stdin, name: 'sed' });
  const edits = has(options, 'i', 'in-place');
  const streams = files.map((file) => {
    if (!edits) return readPathOf(file, scope, reader);
    writePathOf(file, scope, reader);
    return SILENT;
  });
  reader.effects.capabilities.add('fs.read');
  return { text: undefined, from: (streams.at(-1) ?? stdin)?.from ?? new Set() };
};

function readSedScript(script: string, { scope, reader }: Invocation): void {
  const executes = /(?:^|[;{}\n]|[\d$/])[ \t]*e(?:[ \t]+([^;\n]+))?[ \t]*(?:$|[;\n}])/.exec(script);
  if (
    executes !== null ||
    /^\s*s(\W)(?:(?!\1)[^\\]|\\.)*\1(?:(?!\1)[^\\]|\\.)*\1[gIip0-9mM]*e/.test(script)
  ) {
    foundDenying(reader.effects, 'shell.hidden_code', 'runs a program from a `sed` script');
    const code = executes?.[1];
    if (code !== undefined && isKnown(code)) reader.code(code, childScope(scope), undefined);
  }
  const written = /(?:^|[;{}\n]|[\d$/])[ \t]*[wW][ \t]+([^\s;}]+)/.exec(script)?.[1];
  if (written !== undefined) writePathOf(field(written), scope, reader);
}

/** Options by which archivers and their like run a program. */
const RUNS: Readonly<Record<string, RegExp>> = {
  tar: /^(?:--checkpoint-action=exec=|--to-command=|--use-compress-program=|--info-script=|--new-volume-script=|--rmt-command=|--rsh-command=|-I=?|-F=?)([^]*)$/,
  cpio: /^(?:--rsh-command=?)([^]*)$/,
  zip: /^(?:-TT=?|--unzip-command=?)([^]*)$/,
};

const USUAL_COMPRESSORS =
  /^(?:[a-z0-9/]*\/)?(?:un)?(?:gzip|pigz|bzip2|lbzip2|pbzip2|xz|zstd|lz4|lzip|lzma|compress|brotli)(?:\s+-[\w-]+)*$/;

const archive: Judge = (call) => {
  const { args, scope, reader, name, stdin } = call;
  const pattern = RUNS[name];
  for (const [index, { text }] of args.entries()) {
    const match = pattern?.exec(text);
    if (match === null || match === undefined) continue;
    const code = match[1] === '' ? args[index + 1]?.text : match[1];
    if (code === undefined || USUAL_COMPRESSORS.test(code)) continue;
    foundDenying(reader.effects, 'shell.hidden_code', 'an option runs a program');
    reader.code(code, childScope(scope), undefined);
  }
  const creates =
    name !== 'tar' ||
    /^-?[A-Za-z]*[cru]/.test(args[0]?.text ?? '') ||
    args.some(({ text }) => text === '--create');
  reader.effects.capabilities.add('fs.write').add('fs.read');
  const folders = creates
    ? []
    : valuesFor(readOptions(args, { valued: 'C directory f file' }), 'C', 'directory', 'd');
  for (const folder of folders) {
    if (placesOf(folder.text, scope.folder).has('system')) writePathOf(folder, scope, reader);
  }
  for (const arg of args) {
    if (arg.text.startsWith('-') && arg.text !== '-') continue;
    if (creates && placesOf(arg.text, scope.folder).has('credential')) readPathOf(arg, scope, reader);
    else if (/[/.~]/.test(arg.text)) namePath(arg, scope, reader);
  }
  const personal = creates && args.some(({ text }) => !text.startsWith('-') && isPersonal(text, scope));
  return {
    text: undefined,
    from:
      stdin?.from ?? unknownStream(...(personal ? (['file', 'system'] as const) : (['file'] as const))).from,
  };
};

/** A folder of the system, a whole home, or what programs keep in it for themselves. */
function isPersonal(text: string, { folder }: Scope): boolean {
  const places = placesOf(text, folder);
  return places.has('system') || places.has('home') || /^~\/\.[^/]+\/?$/.test(plainPath(text, folder));
}

export const FILES: Readonly<Record<string, Judge>> = {
  cp: copy,
  gcp: copy,
  install: copy,
  mv: move,
  chmod,
  chown,
  chgrp: chown,
  chattr,
  chflags: chattr,
  setcap,
  setfacl: touch,
  touch,
  mkdir: folder,
  mkfifo: touch,
  mknod: touch,
  sed,
  gsed: sed,
  tar: archive,
  gtar: archive,
  bsdtar: archive,
  zip: archive,
  '7z': archive,
  unzip: archive,
  cpio: archive,
  gzip: archive,
  bzip2: archive,
  xz: archive,
  zstd: archive,
};
