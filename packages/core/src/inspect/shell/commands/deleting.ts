import { foundDenying, foundNoted } from '../effects.ts';
import { isKnown, SILENT } from '../field.ts';
import { deletePathOf, readPathOf, writePathOf } from '../object.ts';
import { has, readOptions, valuesFor } from '../options.ts';
import { placesOf } from '../place.ts';
import type { Judge } from '../reader.ts';

const rm: Judge = ({ args, scope, reader }) => {
  const options = readOptions(args);
  const whole = has(options, 'r', 'R', 'recursive');
  reader.effects.capabilities.add('fs.delete');
  for (const target of options.operands) {
    deletePathOf(target, scope, reader, whole);
    if (target.glob && /^(?:\.\/)?\*$/.test(target.text)) {
      foundNoted(reader.effects, 'shell.recursive_delete', 'deletes every file of a folder');
    }
  }
  if (whole && options.operands.length === 0 && !has(options, 'help', 'version')) {
    foundDenying(reader.effects, 'shell.destructive', 'deletes folders that are not named');
  }
  if (has(options, 'no-preserve-root')) {
    foundDenying(reader.effects, 'shell.destructive', 'lifts the protection of the root folder');
  }
  return SILENT;
};

const shred: Judge = ({ args, scope, reader }) => {
  const { operands } = readOptions(args, { valued: 'n s iterations size random-source' });
  for (const target of operands) deletePathOf(target, scope, reader, false);
  foundDenying(reader.effects, 'shell.destructive', 'overwrites files beyond recovery');
  return SILENT;
};

const truncate: Judge = ({ args, scope, reader }) => {
  const { operands } = readOptions(args, { valued: 's size r reference' });
  for (const target of operands) writePathOf(target, scope, reader);
  return SILENT;
};

const dd: Judge = ({ args, scope, reader }) => {
  let source: ReturnType<typeof readPathOf> | undefined;
  for (const arg of args) {
    const [, key, value] = /^(if|of)=([^]*)$/.exec(arg.text) ?? [];
    if (key === undefined || value === undefined) continue;
    if (key === 'if') source = readPathOf({ ...arg, text: value }, scope, reader);
    else writePathOf({ ...arg, text: value }, scope, reader);
  }
  return source ?? { text: undefined, from: new Set(['file']) };
};

/** Makes or unmakes file systems, partitions and volumes. */
const format: Judge = ({ args, reader }) => {
  const looks = args.some(({ text }) =>
    /^(?:--?help|--version|-V|-l|--list(?:-\w+)?|-h|--dry-run|-n|-p|--print)$/.test(text),
  );
  if (!looks && args.length > 0) {
    foundDenying(reader.effects, 'shell.destructive', 'makes a file system or partitions');
  }
  return SILENT;
};

const rsyncDelete = /^--(?:del(?:ete(?:-before|-during|-delay|-after|-excluded)?)?|remove-source-files)$/;

/** Copies over the network or not; may delete what the source does not have. */
export const deletesExtra = (args: readonly { readonly text: string }[]): boolean =>
  args.some(({ text }) => rsyncDelete.test(text));

const rmdir: Judge = ({ args, scope, reader }) => {
  const { operands } = readOptions(args);
  for (const target of operands) deletePathOf(target, scope, reader, false);
  return SILENT;
};

const link: Judge = ({ args, scope, reader }) => {
  const options = readOptions(args, { valued: 't S target-directory suffix' });
  const [target] = valuesFor(options, 't', 'target-directory');
  const made = target ?? (options.operands.length > 1 ? options.operands.at(-1) : undefined);
  for (const source of options.operands) {
    if (source === made) continue;
    if (placesOf(source.text, scope.folder).has('credential') && isKnown(source.text)) {
      foundDenying(reader.effects, 'shell.credential_read', 'links to a file that holds credentials');
    }
  }
  if (made !== undefined) writePathOf(made, scope, reader);
  return SILENT;
};

export const DELETING: Readonly<Record<string, Judge>> = {
  rm,
  grm: rm,
  srm: shred,
  shred,
  wipe: shred,
  unlink: rmdir,
  rmdir,
  truncate,
  dd,
  ln: link,
  link,
  mkfs: format,
  ...Object.fromEntries(
    'mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs mkfs.exfat mkfs.f2fs mke2fs mkswap wipefs fdisk sfdisk cfdisk parted gdisk sgdisk blkdiscard hdparm'
      .split(' ')
      .map((name) => [name, format]),
  ),
};
