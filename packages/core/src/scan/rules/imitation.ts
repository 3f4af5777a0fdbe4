import { editDistance } from '../../source/suggest.ts';
import { foldPhrase } from '../../inspect/text/fold.ts';

/** Packages that are imitated, for being in everybody's hands, and others that only look like an imitation. */
const KNOWN = {
  npm: `express lodash react react-dom preact axios chalk commander typescript webpack eslint prettier moment dayjs
    async request requests debug dotenv uuid underscore bluebird cheerio puppeteer playwright mongoose mongodb mysql
    mysql2 redis ioredis socket.io body-parser cross-env cross-spawn glob minimist yargs inquirer semver rimraf mkdirp
    fs-extra node-fetch undici got superagent jsonwebtoken bcrypt bcryptjs passport nodemailer handlebars jquery
    jquery-ui vue angular svelte next nuxt vite vitest jest mocha chai sinon babel-core core-js regenerator-runtime
    tslib rxjs ethers web3 openai anthropic langchain zod ajv yaml js-yaml toml colors color colorette kleur ora execa
    shelljs zx winston pino morgan helmet cors koa fastify hono electron discord.js telegraf aws-sdk firebase stripe
    twilio sharp jimp canvas sqlite3 better-sqlite3 knex sequelize typeorm prisma kysely pg ws through2 readable-stream
    event-stream ua-parser-js rc coa left-pad crypto-js cookie cookies cookie-parser multer formidable serialize-javascript
    ejs pug mustache marked markdown-it highlight.js dompurify jsdom rollup esbuild parcel gulp grunt nodemon ts-node tsx
    concurrently husky lint-staged classnames clsx immer redux react-redux react-router react-router-dom styled-components
    tailwindcss postcss autoprefixer sass less bootstrap three d3 chart.js lodash-es ramda immutable nanoid ms qs ini`,
  pypi: `requests urllib3 numpy pandas scipy matplotlib scikit-learn tensorflow torch torchvision keras flask django
    fastapi starlette uvicorn gunicorn pydantic sqlalchemy psycopg2 psycopg2-binary pymongo redis celery boto3 botocore
    cryptography paramiko pyyaml jinja2 click rich typer pytest setuptools wheel pip virtualenv poetry black flake8
    mypy pylint ruff beautifulsoup4 lxml selenium scrapy playwright httpx aiohttp httpcore websockets websocket-client
    pillow opencv-python openai anthropic langchain langchain-core transformers tokenizers huggingface-hub datasets
    tiktoken mcp fastmcp python-dateutil python-dotenv pytz six attrs certifi idna charset-normalizer chardet colorama
    tqdm protobuf grpcio google-cloud-storage azure-identity docker kubernetes ansible fabric pyjwt bcrypt passlib
    cffi pycparser packaging simplejson ujson orjson tornado twisted gevent eventlet jupyter notebook ipython sympy
    networkx nltk spacy gensim xgboost lightgbm plotly seaborn bokeh dash streamlit gradio tensorboard psutil pexpect
    discord.py python-telegram-bot tweepy web3 eth-account pysocks pyserial pywin32 cython numba dask polars duckdb`,
} as const;

const NAMES: Readonly<Record<'npm' | 'pypi', ReadonlySet<string>>> = {
  npm: new Set(KNOWN.npm.split(/\s+/)),
  pypi: new Set(KNOWN.pypi.split(/\s+/)),
};

/** Scopes of npm that are known, under which only their owners publish. */
const SCOPES = [
  'modelcontextprotocol',
  'anthropic-ai',
  'openai',
  'langchain',
  'types',
  'aws-sdk',
  'google-cloud',
  'azure',
  'babel',
  'angular',
  'vercel',
  'ai-sdk',
  'octokit',
  'slack',
];

/** Names shorter than this are near to each other by chance. */
const SHORTEST = 5;

/** The known package that a name is almost the name of; undefined where it is that package, or near to none. */
export function imitated(name: string, registry: 'npm' | 'pypi'): string | undefined {
  const lower = name.toLowerCase();
  const scoped = /^@([^/]{1,128})\/(.{1,128})$/.exec(lower);
  if (scoped !== null) {
    const scope = scoped[1] ?? '';
    const near = SCOPES.includes(scope)
      ? undefined
      : SCOPES.find((known) => known.length >= 6 && isNear(scope, known));
    return near === undefined ? undefined : `@${near}/${scoped[2]}`;
  }
  const own = registry === 'pypi' ? lower.replaceAll(/[_.]/g, '-') : lower;
  const known = NAMES[registry];
  if (own.length < SHORTEST || known.has(own) || known.has(lower)) return undefined;
  for (const candidate of known) if (candidate.length >= SHORTEST && isNear(own, candidate)) return candidate;
  return undefined;
}

/** One letter more, less, other or swapped, other separators, or letters that look the same. */
function isNear(name: string, known: string): boolean {
  if (name === known || Math.abs(name.length - known.length) > 2) return false;
  if (bare(name) === bare(known)) return true;
  // A digit at the end is another version, and a plural another word.
  if (/\d$/.test(name) !== /\d$/.test(known)) return false;
  if ((name === `${known}s` && !known.endsWith('s')) || known === `${name}s`) return false;
  return editDistance(name, known) === 1;
}

function bare(name: string): string {
  return foldPhrase(name)
    .replaceAll(/[-_.]/g, '')
    .replaceAll('rn', 'm')
    .replaceAll(/[1i|]/g, 'l')
    .replaceAll('0', 'o');
}
