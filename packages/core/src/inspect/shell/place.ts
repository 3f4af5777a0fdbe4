import { hasFirmSegments } from '../../policy/containment.ts';
import { HOLE } from './field.ts';

/** What kind of place a path names, as far as reading or writing it means more than that. */
export type Place =
  | 'credential'
  /** A private key by its name: most programs that are given one use it and show nothing of it. */
  | 'key'
  | 'persistence'
  | 'system'
  | 'log'
  | 'history'
  | 'device'
  | 'home'
  | 'temporary';

/** `~` for any home folder, no doubled slashes, no `.`, `..` resolved. */
export function plainPath(text: string, folder = '.'): string {
  if (text.startsWith('/') && hasFirmSegments(text) && !HOME.test(text)) return text;
  const joined = /^[/~]/.test(text) || folder === '.' ? text : `${folder}/${text}`;
  const homed = joined
    .replace(/^file:\/\/(?=\/)/, '')
    .replace(/\/+/g, '/')
    .replace(HOME, '~');
  const segments: string[] = [];
  for (const [index, segment] of homed.split('/').entries()) {
    if (segment === '.' && index > 0) continue;
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && !['', '..', '.', HOLE].includes(last)) segments.pop();
    else if (!(segment === '..' && last === '')) segments.push(segment);
  }
  const path = segments.join('/');
  return path === '' && homed !== '' ? (homed.startsWith('/') ? '/' : '.') : path;
}

const HOME = /^\/(?:root|home\/[^/]+|Users\/[^/]+)(?=\/|$)/;

const PATTERNS: readonly (readonly [Place, RegExp])[] = [
  ['credential', /^\/etc\/(?:shadow|gshadow|master\.passwd|sudoers|security\/opasswd)-?(?:\/|$)/],
  ['credential', /^\/etc\/ssh\/ssh_host_[^/]*_key$/],
  ['credential', /(?:^|\/)\.ssh(?:\/(?:id_[^/.]+|identity|[^/]+\.(?:pem|key)|\*+))?\/?$/],
  ['credential', /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/],
  ['credential', /(?:^|\/)\.aws(?:\/(?:credentials|config|\*+))?\/?$/],
  ['credential', /(?:^|\/)\.(?:netrc|pgpass|git-credentials|vault-token|htpasswd|npmrc|pypirc|my\.cnf)$/],
  ['credential', /(?:^|\/)\.(?:kube\/config|docker\/config\.json|config\/gh\/hosts\.yml)$/],
  ['credential', /(?:^|\/)\.config\/gcloud(?:\/|$)|(?:^|\/)\.(?:azure|password-store|gnupg)(?:\/|$)/],
  ['credential', /(?:^|\/)\.env(?:\.(?!example|sample|template|dist)[\w.-]+)?$/],
  [
    'credential',
    /(?:^|\/)(?:Login Data|logins\.json|key[34]\.db|wallet\.dat|Cookies\.binarycookies|cookies\.sqlite|cookies\.txt|Local State|Web Data)(?:\?|$)/,
  ],
  ['credential', /\.(?:kdbx?|keychain(?:-db)?)$/],
  ['key', /\.(?:p12|pfx|jks|ppk)$/],
  [
    'key',
    /(?:^|[/_.-])(?:server|private|privkey|tls|ssl|client|host|master|signing)(?:[_-]?key)?\.(?:key|pem)$/,
  ],
  [
    'credential',
    /(?:^|\/)(?:wp-config\.php|terraform\.tfstate|\.s3cfg|\.boto|\.dockercfg|\.htpasswd|rclone\.conf)$/,
  ],
  [
    'credential',
    /(?:^|\/)\.(?:gem|cargo)\/credentials(?:\.toml)?$|(?:^|\/)\.terraform\.d\/credentials\.tfrc\.json$/,
  ],
  [
    'credential',
    /(?:^|\/)(?:client_secrets?|service[-_]?account[\w-]*|application_default_credentials)\.json$/,
  ],
  ['credential', /^\/var\/lib\/jenkins\/secrets?(?:\/|$)|^\/etc\/kubernetes\/(?:admin\.conf|pki(?:\/|$))/],
  [
    'credential',
    /^\/etc\/(?:krb5\.keytab|ipsec\.secrets|ppp\/(?:chap|pap)-secrets|NetworkManager\/system-connections)(?:\/|$)/,
  ],
  ['credential', /^\/proc\/[^/]+\/(?:environ|mem)$|^\/(?:dev\/(?:k?mem|port)|proc\/kcore)$/],
  ['credential', /^\/(?:var\/)?run\/secrets(?:\/|$)/],
  ['credential', /169\.254\.169\.254/],
  ['history', /(?:^|\/)\.(?:[a-z]*_)?history$|(?:^|\/)fish_history$/],
  [
    'persistence',
    /(?:^|\/)\.(?:bashrc|bash_profile|bash_login|bash_logout|profile|shrc|zshrc|zshenv|zprofile|zlogin|cshrc|tcshrc|kshrc|xprofile|xinitrc|inputrc)$/,
  ],
  ['persistence', /(?:^|\/)\.config\/(?:fish\/config\.fish|autostart\/|systemd\/)/],
  ['persistence', /(?:^|\/)\.ssh\/(?:authorized_keys2?|rc|config|environment)$/],
  ['persistence', /(?:^|\/)\.git\/(?:hooks\/|config$)/],
  ['persistence', /^\/usr\/local\/share\/ca-certificates(?:\/|$)|^\/etc\/(?:pki|ca-certificates)(?:\/|$)/],
  ['persistence', /(?:^|\/)Launch(?:Agents|Daemons)(?:\/|$)/],
  ['persistence', /(?:^|\/)(?:sitecustomize|usercustomize)\.py$|site-packages\/[^/]*\.pth$/],
  [
    'persistence',
    /^\/etc\/(?:profile|bash\.bashrc|bashrc|zshrc|crontab|anacrontab|rc\.local|rc\.common|ld\.so\.preload|passwd|group)$/,
  ],
  [
    'persistence',
    /^\/etc\/(?:profile\.d|cron[^/]*|rc\d?\.d|init\.d|systemd|pam\.d|sudoers\.d|emond\.d)(?:\/|$)/,
  ],
  ['persistence', /^\/etc\/(?:update-motd\.d|xdg\/autostart|ld\.so\.conf\.d)(?:\/|$)/],
  [
    'persistence',
    /^(?:\/usr)?\/lib\/systemd\/|^\/var\/spool\/(?:cron|at)(?:\/|$)|^\/etc\/(?:shadow|sudoers)$/,
  ],
  ['log', /^\/var\/(?:spool\/)?mail(?:\/|$)|^\/(?:var\/)?run\/utmp$/],
  ['log', /^\/var\/log(?:\/|$)|^\/private\/var\/log(?:\/|$)|^\/var\/lib\/docker\/containers\//],
  ['device', /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|mapper|dm-|loop|md)|^\/proc\/sysrq-trigger$/],
  ['device', /^\/(?:proc\/kcore|dev\/(?:k?mem|port))$/],
  ['temporary', /^(?:\/private)?(?:\/tmp|\/var\/tmp|\/dev\/shm)\/./],
  [
    'system',
    /^(?:\/|\/\*+)$|^\/(?:bin|boot|dev|etc|home|lib(?:32|64|x32)?|opt|proc|root|sbin|srv|sys|usr|var|Users|System|Library|Applications|Volumes|mnt|media)(?:\/\*+)?\/?$/,
  ],
  ['system', /^\/(?:bin|boot|etc|lib(?:32|64|x32)?|proc|sbin|selinux|sys|System)\/./],
  ['system', /^\/usr\/(?!local\/(?:src|share)|src)./],
  ['system', /^[A-Za-z]:[\\/]?(?:[Ww][Ii][Nn][Dd][Oo][Ww][Ss])?[\\/]?$/],
  ['home', /^~[\w-]*(?:\/\*+)?\/?$/],
];

/** The patterns of a place in one: the engine tries them together in a fraction of the time. */
const UNITED: readonly (readonly [Place, RegExp])[] = [...new Set(PATTERNS.map(([place]) => place))].map(
  (place) => {
    const sources = PATTERNS.flatMap(([of, { source }]) => (of === place ? `(?:${source})` : []));
    return [place, new RegExp(sources.join('|'))];
  },
);

/** Harmless although they look like devices or system files. */
const HARMLESS =
  /^(?:\/dev\/(?:null|zero|full|u?random|stdin|stdout|stderr|tty|fd(?:\/|$)|pts\/|tcp\/|udp\/)|\/proc\/self\/fd\/)/;

/** The places that a path names: none for what is too long to be the path of a file. */
export function placesOf(text: string, folder = '.'): ReadonlySet<Place> {
  if (text.length > MAX_PATH_LENGTH) return new Set();
  if (HARMLESS.test(text)) return new Set(['temporary']);
  const path = plainPath(text, folder);
  const places = new Set<Place>();
  for (const [place, pattern] of UNITED) if (pattern.test(path)) places.add(place);
  if (!places.has('credential') && /[*?[]/.test(path) && reachesCredential(path)) places.add('credential');
  return places;
}

/** Whether a path is the socket of an engine of containers: who may talk to it may do everything on the machine. */
export function isEngineSocket(text: string): boolean {
  return /(?:^|[/:=])(?:docker|containerd|crio|podman|buildkitd|dockershim)\.sock$|docker_engine$/.test(text);
}

/** Whether files below may go without harm to the system. */
export function isPlaceToDelete(text: string, folder: string): boolean {
  const places = placesOf(text, folder);
  return !['system', 'device', 'log', 'credential'].some((place) => places.has(place as Place));
}

/** PATH_MAX of Linux. */
export const MAX_PATH_LENGTH = 4096;

/** Well-known secrets that a pattern of file names is tried on. */
const WELL_KNOWN = [
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/sudoers',
  '~/.ssh/id_rsa',
  '~/.ssh/id_ed25519',
  '~/.aws/credentials',
  '~/.netrc',
  '~/.git-credentials',
];

/** SECURITY: `/e??/sha*` is a name of `/etc/shadow`; a bare `*` is not meant to be. */
function reachesCredential(pattern: string): boolean {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  if (/^[*.]*$/.test(last)) return false;
  const patterns = [pattern, pattern.replace(/^~/, '/root')].map(
    (text) => text.match(/\[[^\]/]{1,256}\]|[^]/g) ?? [],
  );
  return WELL_KNOWN.some((path) => patterns.some((tokens) => matches(tokens, path)));
}

/** File name patterns: `?` and a bracket stand for one character, `*` for any; none of them for a slash. */
function matches(tokens: readonly string[], path: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < path.length) {
    const current = tokens[token];
    const char = path[at];
    if (current === '*') {
      star = token++;
      resume = at;
    } else if (current === char || (current !== undefined && char !== '/' && /^(?:\?|\[.)/.test(current))) {
      token++;
      at++;
    } else if (star >= 0 && path[resume] !== '/') {
      token = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (tokens[token] === '*') token++;
  return token === tokens.length;
}
