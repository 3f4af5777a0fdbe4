import { foundDenying } from '../effects.ts';
import { type Field, field, unknownStream, withoutTail } from '../field.ts';
import { namePath, readPathOf } from '../object.ts';
import { readOptions } from '../options.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope } from '../scope.ts';
import { judgePlain } from './plain.ts';
import { applyRules, one, type Rule } from './rules.ts';

const ACCOUNT = one('shell.persistence', 'changes the accounts of the machine');
const STOP = one('shell.disruption', 'stops the machine');
const MODULE = one('shell.privilege', 'loads code into the kernel');
/** Without these it asks a person first. */
const DESTROY = one(
  'shell.destructive',
  'destroys what it manages',
  /(?:^| )(?:destroy|down|apply\b.* --?destroy)\b.* (?:--?auto-approve|--?yes|-y|--?force|-f)\b|--?auto-approve\b.* --?destroy\b/,
);
const GUARDS =
  'auditd|rsyslog|syslog(?:-ng)?|systemd-journald|journald|firewalld|ufw|iptables|nftables|apparmor|fail2ban|falcon-sensor|falcond|crowdsec|clamav\\S*|osqueryd|sysmon|wazuh\\S*|cbdaemon|cron|crond';

const ENDS_GUARD = new RegExp(`(?:^| )(?:${GUARDS}|sshd)$`);

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  shutdown: STOP,
  reboot: STOP,
  halt: STOP,
  poweroff: STOP,
  init: one('shell.disruption', 'stops the machine', /^[06]$/),
  telinit: one('shell.disruption', 'stops the machine', /^[06]$/),
  kill: one('shell.disruption', 'stops every process', /(?:^| )-1(?: -1)?$|-9 1$/),
  killall: one('shell.evasion', 'stops what guards the machine', ENDS_GUARD),
  pkill: one('shell.evasion', 'stops what guards the machine', ENDS_GUARD),
  killall5: one('shell.disruption', 'stops every process'),
  swapoff: one('shell.disruption', 'turns swap off', /^-a|^--all/),
  useradd: ACCOUNT,
  adduser: ACCOUNT,
  usermod: ACCOUNT,
  userdel: one('shell.destructive', 'deletes an account'),
  deluser: one('shell.destructive', 'deletes an account'),
  groupadd: ACCOUNT,
  groupmod: ACCOUNT,
  gpasswd: ACCOUNT,
  chpasswd: ACCOUNT,
  passwd: one('shell.persistence', 'changes a password', /^(?!-S|--status)/),
  pw: one('shell.persistence', 'changes the accounts of the machine', /^(?:user|group)(?:add|mod|del)/),
  dscl: one(
    'shell.persistence',
    'changes the accounts of the machine',
    /-(?:create|append|delete|passwd|change)\b/,
  ),
  sysadminctl: one(
    'shell.persistence',
    'changes the accounts of the machine',
    /-(?:addUser|deleteUser|resetPasswordFor)/,
  ),
  visudo: one('shell.privilege', 'changes who may become root', /^(?!.*-c)/),
  insmod: MODULE,
  modprobe: [{ when: /^(?!-n|--show|-c)/, id: 'shell.privilege', message: 'loads code into the kernel' }],
  rmmod: MODULE,
  kextload: MODULE,
  kmutil: one('shell.privilege', 'loads code into the kernel', /^load/),
  mount: one('shell.privilege', 'mounts a file system', /\S \S|^\/dev|bind/),
  crontab: one('shell.persistence', 'changes what runs by itself', /^(?!(?:-u \S+ )?-l)/),
  at: one('shell.persistence', 'runs a command later', /^(?!-[lqc]|$)/),
  batch: one('shell.persistence', 'runs a command later'),
  'systemd-run': [
    ...one('shell.persistence', 'runs a command later', /--on-|--timer-property/),
    ...one('shell.hidden_code', 'starts a shell from another program', /^(?:-[a-zA-Z]*S|--shell)\b/),
  ],
  'update-rc.d': one('shell.persistence', 'changes what starts by itself'),
  chkconfig: one('shell.persistence', 'changes what starts by itself', /\b(?:on|off|--add|--del)\b/),
  systemctl: [
    {
      when: new RegExp(`\\b(?:stop|disable|mask|kill)\\b.*\\b(?:${GUARDS})(?:\\.service)?\\b`),
      id: 'shell.evasion',
      message: 'stops a service that guards the machine',
    },
    {
      when: /\b(?:enable|link|edit|set-property)\b/,
      id: 'shell.persistence',
      message: 'changes what starts by itself',
    },
    {
      when: /\b(?:poweroff|reboot|halt|kexec|emergency|rescue|isolate)\b/,
      id: 'shell.disruption',
      message: 'stops the machine',
    },
  ],
  loginctl: one('shell.persistence', 'changes what starts by itself', /^enable-linger\b/),
  service: one('shell.evasion', 'stops a service that guards the machine', new RegExp(`^(?:${GUARDS}) stop`)),
  launchctl: [
    {
      when: /^(?:load|bootstrap|submit|enable)\b/,
      id: 'shell.persistence',
      message: 'changes what starts by itself',
    },
    { when: /^(?:unload|bootout|disable|remove)\b/, id: 'shell.evasion', message: 'stops a service' },
  ],
  iptables: one(
    'shell.evasion',
    'opens the firewall',
    /(?:^| )-(?:F|D|X|P|-flush|-delete|-policy)|-[AI] .{0,4096}-j (?:DNAT|REDIRECT|TPROXY)\b/,
  ),
  ip6tables: one('shell.evasion', 'opens the firewall', /(?:^| )-(?:F|D|X|P|-flush|-delete|-policy)/),
  nft: one('shell.evasion', 'opens the firewall', /\b(?:flush|delete)\b/),
  ufw: one('shell.evasion', 'opens the firewall', /\b(?:disable|reset|delete|logging off|allow)\b/),
  pfctl: one('shell.evasion', 'opens the firewall', /-[a-zA-Z]*[dF]/),
  'firewall-cmd': one(
    'shell.evasion',
    'opens the firewall',
    /--(?:add-(?!rich-rule=.*\b(?:reject|drop)\b)|remove-rich-rule|panic-off|set-default)/,
  ),
  defaults: one(
    'shell.persistence',
    'changes what starts by itself',
    /\b(?:LoginHook|LogoutHook|AutoLaunched\w*)\b/,
  ),
  xterm: one('shell.reverse_shell', 'ties a program to a connection', /-display (?!:|localhost|unix)\S+:\d/),
  setenforce: one('shell.evasion', 'turns a guard of the system off', /^(?:0|permissive)/i),
  spctl: one('shell.evasion', 'turns a guard of the system off', /--(?:master|global)-disable/),
  csrutil: one('shell.evasion', 'turns a guard of the system off', /^(?:disable|clear)/),
  auditctl: one('shell.evasion', 'stops the audit of the system', /-(?:e 0|D\b)/),
  sysctl: one('shell.system_write', 'changes settings of the kernel', /(?:^| )-w|\S=\S/),
  'update-alternatives': one(
    'shell.persistence',
    'puts a program in the place of another',
    /--(?:install|set) .{0,4096} (?:\/tmp|\/var\/tmp|\/dev\/shm|\/home|~|\.{1,2}\/)/,
  ),
  journalctl: one(
    'shell.evasion',
    'deletes logs',
    // What is older than a day or beyond 100 MB goes without anybody's wish to hide.
    /--vacuum-(?:time[= ](?:0|\d+(?:us|ms|s|sec|m|min|h|hours?|minutes?|seconds?))|size[= ]\d{1,2}M?|size[= ]\d+K|files[= ][01])(?![\w])/i,
  ),
  xattr: one('shell.evasion', 'lifts the quarantine of a file', /-[a-z]*d.*quarantine|-[a-z]*c/),
  terraform: DESTROY,
  tofu: DESTROY,
  terragrunt: DESTROY,
  pulumi: DESTROY,
  dropdb: one('shell.destructive', 'deletes a database'),
  'redis-cli': one('shell.destructive', 'deletes every key', /\bflush(?:all|db)\b/i),
  kextunload: one('shell.evasion', 'unloads code from the kernel'),
  networksetup: one(
    'shell.evasion',
    'changes where the traffic goes',
    /-set(?:secure)?webproxy|-setdnsservers/,
  ),
  rclone: one('shell.destructive', 'deletes what the source does not have', /^purge\b|--delete-/),
};

function ruled(rules: readonly Rule[]): Judge {
  return (call) => {
    applyRules(rules, call);
    if (call.name === 'systemd-run') runsRest(call);
    if (/^(?:at|batch|crontab)$/.test(call.name)) runsInput(call);
    return judgePlain(call);
  };
}

/** A service for one command. */
function runsRest({ args, reader, scope }: Invocation): void {
  const { operands } = readOptions(args, {
    valued: 'p u M H property unit on-calendar on-active slice',
    untilOperand: true,
  });
  reader.nested(() => reader.command(operands, scope, undefined));
}

/** What `at` reads is code; what `crontab -` reads is lines of code behind their times. */
function runsInput({ name, stdin, reader, scope }: Invocation): void {
  if (stdin?.text === undefined || name === 'crontab') return;
  reader.code(stdin.text, childScope(scope), undefined);
}

/** A debugger or dumper takes the memory of a process. */
const dumps: Judge = ({ args, scope, reader }) => {
  foundDenying(reader.effects, 'shell.credential_read', 'copies the memory of a process');
  for (const arg of args) if (arg.text.startsWith('/')) readPathOf(arg, scope, reader);
  return unknownStream('secret');
};

/** Names of one machine that data can be hidden in are not followed. */
const shows: Judge = ({ reader }) => {
  reader.effects.capabilities.add('fs.read');
  return unknownStream('program');
};

/** Shows what files are, not what is in them. */
const lists: Judge = ({ args, scope, reader }) => {
  reader.effects.capabilities.add('fs.read');
  for (const arg of args) if (!arg.text.startsWith('-')) namePath(arg, scope, reader);
  return unknownStream('program');
};

/** The name of a file or a folder that is made among the temporary ones; each call makes one of its own. */
const mktemp: Judge = ({ args, scope, reader }) => {
  reader.effects.capabilities.add('fs.write');
  const plain = args.every(({ text }) =>
    /^-[dqut]+$|^--(?:directory|quiet)$|^[\w.-]+$|^\/tmp\/[\w.-]+$/.test(text),
  );
  const elsewhere =
    args.some(({ text }) => /^[\w.-]+$/.test(text) && !text.startsWith('-')) &&
    !args.some(({ text }) => /^-[dqu]*t/.test(text));
  if (!plain || elsewhere || scope.variables.has('TMPDIR')) return unknownStream('program');
  return { text: `/tmp/tmp.${reader.effects.commands.length}\n`, from: new Set(['program']) };
};

const basename: Judge = ({ args, reader }) => {
  reader.effects.capabilities.add('fs.read');
  const path = args.find(({ text }: Field) => !text.startsWith('-'))?.text ?? '';
  return { text: withoutTail(path, '/').replace(/^.*\//s, ''), from: field(path).from };
};

export const SYSTEM: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(Object.entries(RULES).map(([name, rules]) => [name, ruled(rules)])),
  gcore: dumps,
  procdump: dumps,
  basename,
  mktemp,
  ...Object.fromEntries(
    'ls dir vdir stat file du df tree realpath readlink'.split(' ').map((name) => [name, lists]),
  ),
  ...Object.fromEntries(
    'date cal uptime uname whoami id hostname ps top htop free lsof w who last groups dirname seq nproc arch locale lscpu lsblk lsmod pgrep pidof getent tty yes expr bc factor sysinfo vmstat iostat dmesg whereis apropos whatis info'
      .split(' ')
      .map((name) => [name, shows]),
  ),
};
