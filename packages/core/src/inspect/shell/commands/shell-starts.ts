import { foundDenying } from '../effects.ts';
import { isKnown } from '../field.ts';
import type { Invocation } from '../reader.ts';

// Nearly every program that shows, edits or computes something can be told to start a shell, each in its own words.
// The words differ; that a shell stands where they end does not.

const SHELL = '(?:ba|da|z|k|c|tc|fi|a)?sh';
const FOLDER = '\\/(?:usr\\/)?(?:local\\/)?bin\\/';

/** An argument, or the value of an option, that is a shell by its path. */
const IS_SHELL = new RegExp(
  `^(?:--?[\\w-]+=)?${FOLDER}${SHELL}(?:$|[\\s;&|<>#])|^--?[\\w-]+=${SHELL}\\s+-[a-z]*c\\b`,
);

/** Code of any language in which a call starts one. */
const CALLS_SHELL = new RegExp(
  `\\b(?:system|exec\\w{0,8}|popen\\w?|p?open3?|spawn\\w{0,8}|shell|callCommand|Start|write18|terminal)\\s{0,3}(?:[("'\`{=][\\s("'\`{]{0,4}(?:${FOLDER})?|\\s${FOLDER})${SHELL}\\b(?![\\w./-])` +
    `|%\\(${FOLDER}${SHELL}\\b|unixexec:path=${FOLDER}${SHELL}\\b|(?:^|[;{}\`'"])\\s{0,3}${FOLDER}${SHELL}\\s{1,3}#`,
);

/** What is typed into a pager, an editor or a console to get a shell. */
const TYPED_SHELL = new RegExp(`^[\\s:@.^\\\\A-Z]{0,4}!{1,2}\\s{0,4}(?:${FOLDER})?${SHELL}\\b`, 'm');
const TYPED_CALL = new RegExp(`^[@.:]?(?:exec|shell|system|sh)\\s{1,4}${FOLDER}${SHELL}\\b`, 'm');

/** Longest text that is looked through. */
const MAX_TEXT = 4096;

/** Programs that are about shells, and start none that are named to them. */
const ABOUT_SHELLS: ReadonlySet<string> = new Set(
  'chsh useradd usermod adduser ldd readelf objdump nm strip dpkg dpkg-query dpkg-deb rpm pacman yay apk apt-file shellcheck shfmt pldd lsof fuser whereis whatis type which hash checksec file codesign otool sha1sum sha256sum md5sum getcap sudoedit setcap chmod chown pkgutil brew port xterm urxvt alacritty kitty konsole terminator gnome-terminal xfce4-terminal foot st wezterm tilix guake bwrap systemd-nspawn machinectl toolbox distrobox flatpak nix nix-shell guix apptainer singularity buildah schroot arch-chroot lxc-attach lxc-execute lxc-start pct adb dtach abduco zellij asciinema byobu lxterminal mate-terminal x-terminal-emulator roxterm sakura rxvt ghostty ptyxis fakechroot debootstrap homectl dscl'.split(
    ' ',
  ),
);

/** Finds a shell that a program of which nothing else is known is told to start. */
export function noteShellStart({ name, args, stdin, scope, reader }: Invocation): void {
  if (reader.effects.elsewhere > 0 || !isKnown(name)) return;
  const at = args.findIndex(
    ({ text }, index) => IS_SHELL.test(text) && /^-\w*c$/.test(args[index + 1]?.text ?? ''),
  );
  // What runs the rest of its words runs a shell with its code.
  if (at !== -1) reader.nested(() => reader.command(args.slice(at), scope, stdin));
  const named = (at === -1 ? args : args.slice(0, at)).some(({ text }, index) => {
    // A setting that says which shell somebody gets.
    if (/^(?:-s|--(?:\w+-)?shell)$/.test(args[index - 1]?.text ?? '') || /^--(?:\w+-)?shell=/.test(text))
      return false;
    const part = text.slice(0, MAX_TEXT);
    return (
      (IS_SHELL.test(part) && !ABOUT_SHELLS.has(name)) ||
      CALLS_SHELL.test(part) ||
      (/^[:+]{0,2}!/.test(part) && TYPED_SHELL.test(part))
    );
  });
  const typed = stdin?.text?.slice(0, MAX_TEXT) ?? '';
  if (named || TYPED_SHELL.test(typed) || TYPED_CALL.test(typed) || CALLS_SHELL.test(typed)) {
    foundDenying(reader.effects, 'shell.hidden_code', 'starts a shell from another program');
  }
}
