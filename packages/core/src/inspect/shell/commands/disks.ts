import type { Judge } from '../reader.ts';
import { judgePlain } from './plain.ts';
import { applyRules, one, type Rule } from './rules.ts';

const VOLUME = one('shell.destructive', 'deletes a volume');

/** Programs that make and unmake volumes, pools and their keys. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  cryptsetup: one(
    'shell.destructive',
    'deletes a volume',
    /(?:^| )(?:luksFormat|luksErase|erase|reencrypt)\b/,
  ),
  lvremove: VOLUME,
  vgremove: VOLUME,
  pvremove: VOLUME,
  zpool: one('shell.destructive', 'deletes a volume', /^(?:destroy|labelclear)\b/),
  zfs: one('shell.destructive', 'deletes a volume', /^(?:destroy|rollback .*-r)\b/),
  btrfs: one('shell.destructive', 'deletes a volume', /^subvolume delete\b/),
  mdadm: one('shell.destructive', 'deletes a volume', /--zero-superblock/),
  nvme: one('shell.destructive', 'makes a file system or partitions', /^(?:format|sanitize)\b/),
  diskutil: one(
    'shell.destructive',
    'makes a file system or partitions',
    /^(?:erase\w+|partitionDisk|zeroDisk|randomDisk|secureErase|reformat|apfs delete\w+)\b/i,
  ),
};

export const DISKS: Readonly<Record<string, Judge>> = Object.fromEntries(
  Object.entries(RULES).map(([name, rules]): [string, Judge] => [
    name,
    (call) => {
      applyRules(rules, call);
      return judgePlain(call);
    },
  ]),
);
