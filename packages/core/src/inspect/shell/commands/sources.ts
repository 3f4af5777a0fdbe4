/** Where packages are published, and where the code of most of them is kept; subdomains count. */
const HOSTS: ReadonlySet<string> = new Set([
  ...[
    'pypi.org',
    'pythonhosted.org',
    'pypa.io',
    'python.org',
    'pytorch.org',
    'pypi.nvidia.com',
    'piwheels.org',
  ],
  ...[
    'anaconda.org',
    'anaconda.com',
    'conda.io',
    'astral.sh',
    'npmjs.org',
    'npmjs.com',
    'yarnpkg.com',
    'jsr.io',
  ],
  ...['npmmirror.com', 'nodejs.org', 'deno.land', 'esm.sh', 'unpkg.com', 'jsdelivr.net', 'rubygems.org'],
  ...['crates.io', 'rust-lang.org', 'golang.org', 'goproxy.io', 'goproxy.cn', 'go.dev', 'packagist.org'],
  ...['getcomposer.org', 'maven.org', 'gradle.org', 'nuget.org', 'github.com', 'githubusercontent.com'],
  ...[
    'github.io',
    'gitlab.com',
    'bitbucket.org',
    'codeberg.org',
    'sr.ht',
    'gitee.com',
    'kernel.org',
    'gnu.org',
  ],
  ...[
    'debian.org',
    'ubuntu.com',
    'launchpad.net',
    'launchpadcontent.net',
    'fedoraproject.org',
    'alpinelinux.org',
  ],
  ...[
    'archlinux.org',
    'opensuse.org',
    'centos.org',
    'rpmfusion.org',
    'docker.com',
    'microsoft.com',
    'apache.org',
  ],
  ...[
    'googleapis.com',
    'pkg.dev',
    'tsinghua.edu.cn',
    'ustc.edu.cn',
    'aliyun.com',
    'huggingface.co',
    'brew.sh',
  ],
  ...['bitnami.com', 'kubernetes.io', 'k8s.io', 'helm.sh', 'jetstack.io', 'elastic.co', 'hashicorp.com'],
  ...['postgresql.org', 'nodesource.com', 'packagecloud.io', 'opendev.org', 'mozilla.org'],
]);

/** Packages are also published to machines of one's own. */
const OWN = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a URL leads to where code of this kind is published, so that nobody can change it on the way. */
export function isUsualSource(url: string): boolean {
  const [, scheme = '', authority = ''] = /^([a-z]+):\/\/([^/?#]*)/i.exec(url) ?? [];
  const host = authority
    .replace(/^[^@]*@/, '')
    .replace(/:\d*$/, '')
    .toLowerCase();
  if (OWN.test(host)) return true;
  const labels = host.split('.');
  const known = labels.some((_, index) => HOSTS.has(labels.slice(index).join('.')));
  return known && scheme.toLowerCase() === 'https';
}
