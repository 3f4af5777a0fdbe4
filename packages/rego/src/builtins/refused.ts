const NETWORK = 'policies have no network: let the host fetch it and hand it in as input or data';
const RANDOM = 'policies draw no randomness: hand in the value as input';
const TOKENS = 'let the host verify the token and hand in its claims as input';
const CERTIFICATES = 'let the host check the certificate and hand in what is needed as input';
const HOST = 'policies know nothing of the process they run in: hand it in as input';
const DEPRECATED = 'it is deprecated and gone from Rego v1';
const GRAPHQL = 'let the host parse the query and hand in its parts as input';
const SCHEMA = 'let the host validate the document before it asks the policy';
const CLOUD = 'policies sign no requests';

/** Built-ins of OPA that are refused at load, with the reason. */
export const BUILTIN_REFUSALS: ReadonlyMap<string, string> = new Map([
  ['http.send', NETWORK],
  ['net.lookup_ip_addr', NETWORK],
  ['opa.runtime', HOST],
  ['rand.intn', RANDOM],
  ['uuid.rfc4122', RANDOM],
  ['trace', 'use `print`'],
  ['rego.parse_module', 'policies do not read policies'],
  ['rego.metadata.chain', 'annotations are not kept'],
  ['rego.metadata.rule', 'annotations are not kept'],
  ['providers.aws.sign_req', CLOUD],
  ['strings.render_template', 'use `sprintf`'],
  ['regex.globs_match', 'use `regex.match` or `glob.match`'],
  ['yaml.marshal', 'use `json.marshal`'],
  ['yaml.unmarshal', 'let the host read YAML and hand it in as input or data'],
  ['yaml.is_valid', 'let the host read YAML and hand it in as input or data'],
  ['json.verify_schema', SCHEMA],
  ['json.match_schema', SCHEMA],
  ...['is_valid', 'parse', 'parse_and_verify', 'parse_query', 'parse_schema', 'schema_is_valid'].map(
    (name) => [`graphql.${name}`, GRAPHQL] as const,
  ),
  ...['decode_verify', 'encode_sign', 'encode_sign_raw', 'verify_eddsa'].map(
    (name) => [`io.jwt.${name}`, TOKENS] as const,
  ),
  ...['rs', 'ps', 'es'].flatMap((family) =>
    ['256', '384', '512'].map((size) => [`io.jwt.verify_${family}${size}`, TOKENS] as const),
  ),
  ...[
    'parse_and_verify_certificates',
    'parse_and_verify_certificates_with_options',
    'parse_certificate_request',
    'parse_certificates',
    'parse_keypair',
    'parse_rsa_private_key',
  ].map((name) => [`crypto.x509.${name}`, CERTIFICATES] as const),
  ['crypto.parse_private_keys', CERTIFICATES],
  ...[
    'all',
    'any',
    're_match',
    'set_diff',
    'net.cidr_overlap',
    'cast_array',
    'cast_boolean',
    'cast_null',
    'cast_object',
    'cast_set',
    'cast_string',
  ].map((name) => [name, DEPRECATED] as const),
]);
