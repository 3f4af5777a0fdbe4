/** One IPv4 address in every way in which something somewhere reads it. */
export function spellingsOf(a: number, b: number, c: number, d: number): readonly string[] {
  const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const hex = (n: number): string => n.toString(16);
  const oct = (n: number): string => n.toString(8);
  const high = hex((a << 8) | b);
  const low = hex((c << 8) | d);
  const dotted = `${a}.${b}.${c}.${d}`;
  const wide = (text: string): string =>
    text.replace(/[0-9.]/g, (char) => (char === '.' ? '。' : String.fromCodePoint(0xff10 + Number(char))));
  const circled = (text: string): string =>
    text.replace(/[0-9]/g, (char) => (char === '0' ? '⓪' : String.fromCodePoint(0x2460 + Number(char) - 1)));
  return [
    dotted,
    `${dotted}.`,
    String(whole),
    `0x${hex(whole)}`,
    `0X${hex(whole).toUpperCase()}`,
    `0${oct(whole)}`,
    `0x${hex(a)}.0x${hex(b)}.0x${hex(c)}.0x${hex(d)}`,
    `0${oct(a)}.0${oct(b)}.0${oct(c)}.0${oct(d)}`,
    `00000${oct(a)}.${b}.${c}.${d}`,
    `0x0000${hex(a)}.${b}.${c}.${d}`,
    `0x${hex(a)}.0${oct(b)}.${c}.${d}`,
    `${a}.${(b << 16) | (c << 8) | d}`,
    `${a}.${b}.${(c << 8) | d}`,
    `0x${hex(a)}.${(b << 16) | (c << 8) | d}`,
    wide(dotted),
    circled(dotted),
    dotted.replaceAll('.', '．'),
    dotted.replaceAll('.', '｡'),
    dotted.replace('.', '%2e'),
    `%${hex(dotted.charCodeAt(0))}${dotted.slice(1)}`,
    `[::${dotted}]`,
    `[::ffff:${dotted}]`,
    `[::FFFF:${dotted}]`,
    `[::ffff:${high}:${low}]`,
    `[::${high}:${low}]`,
    `[0:0:0:0:0:ffff:${high}:${low}]`,
    `[0000:0000:0000:0000:0000:ffff:${high}:${low}]`,
    `[::ffff:0:${dotted}]`,
    `[64:ff9b::${dotted}]`,
    `[64:ff9b::${high}:${low}]`,
    `[64:ff9b:1::${high}:${low}]`,
    `[2002:${high}:${low}::]`,
    `[2002:${high}:${low}::1]`,
    `[2001:0:4136:e378:8000:63bf:${hex(0xffff ^ ((a << 8) | b))}:${hex(0xffff ^ ((c << 8) | d))}]`,
    `[2001::${hex(0xffff ^ ((a << 8) | b))}:${hex(0xffff ^ ((c << 8) | d))}]`,
    `[fe80::5efe:${dotted}]`,
    `[2a00:1450::5efe:${high}:${low}]`,
    `[2a00:1450::200:5efe:${high}:${low}]`,
    `${dotted}.nip.io`,
    `app.${dotted}.nip.io`,
    `app-${dotted.replaceAll('.', '-')}.nip.io`,
    `${hex(whole).padStart(8, '0')}.nip.io`,
    `www.${dotted.replaceAll('.', '-')}.sslip.io`,
    `${dotted}.xip.io`,
    `${dotted}.traefik.me`,
    `${hex(whole).padStart(8, '0')}.08080808.rbndr.us`,
    `a.${dotted}.1time.8.8.8.8.forever.rebind.network`,
  ];
}

/** One host in every place of a URL where something somewhere looks for it. */
export function authoritiesOf(host: string): readonly string[] {
  return [
    `http://${host}/`,
    `https://${host}:8443/a?b=c`,
    `HTTP://${host}`,
    `http:${host}`,
    `http:/${host}/`,
    `http:///${host}/`,
    `http:\\\\${host}\\`,
    `ftp://${host}/x`,
    `ws://${host}/`,
    `http://user@${host}/`,
    `http://user:pass@${host}/`,
    `http://example.com@${host}/`,
    `http://example.com:80@${host}:81/`,
    `http://example.com#@${host}/`,
    `http://example.com?@${host}/`,
    `http://example.com\\@${host}/`,
    `http://example.com%5c@${host}/`,
    `http://example.com;@${host}/`,
    `http://${host}#@example.com/`,
    `http://${host}?@example.com/`,
    `http://${host}\\@example.com/`,
    `http://${host}\\.example.com/`,
    `http://${host}%00.example.com/`,
    `http://${host}%09/`,
    `http://${host}\t/`,
    `http://\n${host}/`,
    ` http://${host}/`,
    `ht\ttp://${host}/`,
    `http://${host}\u0000/`,
    `http://${host} .example.com/`,
    `//${host}/`,
    `\\\\${host}\\share`,
    `gopher://${host}:6379/_x`,
    `dict://${host}:11211/stat`,
    `ldap://${host}/`,
    `jar:http://${host}!/x`,
    `tftp://${host}/x`,
    `url:http://${host}/`,
    `view-source:http://${host}/`,
    `feed:http://${host}/`,
  ];
}
