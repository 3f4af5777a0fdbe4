// Names that Windows takes for something else than the file of that name, wherever they stand in a path.

/** A device in every folder, with any ending; whose names everyday files have are devices only without one. */
const DEVICE =
  /(?:^|[/\\])(?:(?:nul|prn|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?:[.:][^/\\]{0,255})?|(?:con|aux)) {0,9}:?$/i;

/** Another stream of a file, or the file by the name of its stream. */
const STREAM = /:\$[a-z_]{4,20}/i;

/** A short name (8.3): six characters of the long one, or all of a name that begins with a point. */
const SHORT =
  /(?:^|[/\\])(?:[^\s~./\\]{6}|git|env|ssh|aws|kube|gnupg|npmrc|netrc)~[1-9](?:\.[^.~/\\]{0,3})?(?:[/\\]|$)/i;

/** Whether a path names a device, a stream or a file by its short name, to Windows. */
export function namesOtherFile(path: string): boolean {
  return DEVICE.test(path) || STREAM.test(path) || SHORT.test(path);
}
